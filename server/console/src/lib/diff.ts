export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
  /** Counted from 1, in the old and in the new text. */
  before: number | null;
  after: number | null;
}

/** Texts longer than this are told as gone and new, without looking for what stayed. */
const LINES_MAX = 3_000;

/** What became of each line: the longest common subsequence stays. */
export function diff(before: string, after: string): DiffLine[] {
  const [a, b] = [lines(before), lines(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const told: DiffLine[] = [];
  const put = (kind: DiffLine['kind'], from: number | null, to: number | null) => {
    const text = (to !== null ? b[to] : from !== null ? a[from] : '') ?? '';
    told.push({ kind, text, before: from === null ? null : from + 1, after: to === null ? null : to + 1 });
  };
  for (let at = 0; at < head; at++) put('same', at, at);
  between(a.slice(head, a.length - tail), b.slice(head, b.length - tail), (kind, from, to) =>
    put(kind, from === null ? null : from + head, to === null ? null : to + head),
  );
  for (let at = tail; at > 0; at--) put('same', a.length - at, b.length - at);
  return told;
}

type Put = (kind: DiffLine['kind'], from: number | null, to: number | null) => void;

function between(a: string[], b: string[], put: Put): void {
  const width = b.length + 1;
  const isHuge = a.length > LINES_MAX || b.length > LINES_MAX;
  const common = new Uint16Array(isHuge ? 0 : (a.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  if (!isHuge) {
    for (let row = a.length - 1; row >= 0; row--) {
      for (let column = b.length - 1; column >= 0; column--) {
        common[row * width + column] =
          a[row] === b[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      }
    }
  }
  let [row, column] = [0, 0];
  while (row < a.length || column < b.length) {
    if (!isHuge && row < a.length && column < b.length && a[row] === b[column]) put('same', row++, column++);
    else if (row < a.length && (column === b.length || at(row + 1, column) >= at(row, column + 1))) {
      put('gone', row++, null);
    } else put('new', null, column++);
  }
}

function lines(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

/** Changed lines with three around them; null stands for what is left out. */
export function hunks(all: DiffLine[], around = 3): (DiffLine | null)[] {
  const near = all.map((_, at) =>
    all.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== 'same'),
  );
  const shown: (DiffLine | null)[] = [];
  all.forEach((line, at) => {
    if (near[at]) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  });
  return shown.some((line) => line !== null) ? shown : [];
}
