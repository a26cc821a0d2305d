import { expect, test } from 'vitest';

import { diff, hunks } from './diff';

const told = (before: string, after: string) =>
  diff(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

test('lines that stayed, went and came', () => {
  expect(told('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
  expect(told('a\nb\n', 'a\nb\nc\n')).toEqual([' a', ' b', '+c']);
  expect(told('a\nb\nc\n', 'c\n')).toEqual(['-a', '-b', ' c']);
  expect(told('', 'a\n')).toEqual(['+a']);
  expect(told('a\n', 'a\n')).toEqual([' a']);
  expect(told('a\na\nb\n', 'a\nb\nb\n')).toEqual([' a', '-a', '+b', ' b']);
});

test('every line keeps its number', () => {
  const [, gone, added, last] = diff('a\nb\nc', 'a\nx\nc');
  expect(gone).toMatchObject({ before: 2, after: null });
  expect(added).toMatchObject({ before: null, after: 2 });
  expect(last).toMatchObject({ before: 3, after: 3 });
});

test('the texts can be made again from the difference, whatever they are', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  const text = () => Array.from({ length: random(12) }, () => 'abcd'[random(4)] + '\n').join('');
  for (let round = 0; round < 500; round++) {
    const [before, after] = [text(), text()];
    const all = diff(before, after);
    const side = (without: string) =>
      all
        .filter((line) => line.kind !== without)
        .map((line) => `${line.text}\n`)
        .join('');
    expect(side('new')).toBe(before);
    expect(side('gone')).toBe(after);
  }
});

test('what did not change is left out', () => {
  const many = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const changed = many.with(10, 'changed');
  const shown = hunks(diff(many.join('\n'), changed.join('\n')));
  expect(shown.length).toBe(10);
  expect([shown[0], shown.at(-1)]).toEqual([null, null]);
  expect(hunks(diff('a', 'a'))).toEqual([]);
});
