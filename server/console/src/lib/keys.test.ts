import { expect, test } from 'vitest';

import { caps, hint, keys, KEYS, pressed, type KeyId } from './keys';

const sources = import.meta.glob<string>(['../**/*.svelte', './*.ts', '!./*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const ids = Object.keys(KEYS) as KeyId[];

function press(code: string, held: Partial<KeyboardEvent> = {}) {
  let isTaken = false;
  const event = { code, altKey: true, ctrlKey: false, shiftKey: false, metaKey: false, repeat: false, ...held };
  const preventDefault = () => (isTaken = true);
  return { event: { ...event, defaultPrevented: false, preventDefault } as unknown as KeyboardEvent, taken: () => isTaken };
}

test('a key is known by its place, whatever the layout types there', () => {
  expect(pressed(press('KeyA', { key: 'ф' }).event)).toBe('answer');
  expect(pressed(press('KeyA', { key: 'a' }).event)).toBe('answer');
});

test('a letter alone, AltGr and system combinations are nobody’s', () => {
  expect(pressed(press('KeyA', { altKey: false }).event)).toBeNull();
  expect(pressed(press('KeyA', { ctrlKey: true }).event)).toBeNull();
  expect(pressed(press('KeyA', { metaKey: true }).event)).toBeNull();
  expect(pressed(press('KeyA', { shiftKey: true }).event)).toBeNull();
});

test('a key that is held down acts once, and one that has nothing to do is left to the browser', () => {
  let times = 0;
  const handler = keys({ hold: () => (times += 1), pad: () => false });
  const first = press('KeyH');
  handler(first.event);
  const again = press('KeyH', { repeat: true });
  handler(again.event);
  expect([times, first.taken(), again.taken()]).toEqual([1, true, true]);
  const idle = press('KeyK');
  handler(idle.event);
  expect(idle.taken()).toBe(false);
});

test('no two keys are pressed alike', () => {
  const all = ids.map((id) => caps(id).join('+'));
  expect(new Set(all).size).toBe(all.length);
});

test('a button and the list say the same', () => {
  expect(caps('save')).toEqual(['Ctrl', 'Enter']);
  expect(hint('turn')).toEqual({ title: 'Alt+R', 'aria-keyshortcuts': 'Alt+R' });
});

test('every key of the list is handled somewhere, and no view reads a key past the list', () => {
  const text = Object.entries(sources).filter(([name]) => !name.endsWith('/keys.ts'));
  const handled = text.flatMap(([, source]) => [...source.matchAll(/keys\(\{([\s\S]*?)\}\)\}/g)].map((found) => found[1]));
  for (const id of ids) {
    const word = new RegExp(`(^|[\\s,{])${id}\\s*[:,}]|(^|[\\s,{])${id}\\s*$`);
    expect(handled.some((list) => word.test(list ?? '')), id).toBe(true);
  }
  for (const [name, source] of text) {
    expect(/['"]Key[A-Z]['"]|title="(Alt|Ctrl)\+/.test(source), name).toBe(false);
  }
});
