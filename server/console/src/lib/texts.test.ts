import { expect, test } from 'vitest';

import { Refused } from './api';
import { findingsOf, groups, nextVersion, renewed, type TextFile } from './texts';

test('a version of today is followed by the next, an older one by the first of today', () => {
  expect(nextVersion('2026-11-22.1', '2026-11-22')).toBe('2026-11-22.2');
  expect(nextVersion('2026-11-21.9', '2026-11-22')).toBe('2026-11-22.1');
  expect(nextVersion('7', '2026-11-22')).toBe('7');
});

test('only the version of the file is renewed', () => {
  const text = 'version = "2026-11-21.1"\nsay = "version = \\"1\\""\n';
  expect(renewed(text, '2026-11-22')).toBe('version = "2026-11-22.1"\nsay = "version = \\"1\\""\n');
  expect(renewed('title = "x"', '2026-11-22')).toBe('title = "x"');
});

test('files stand by their folders', () => {
  const file = (name: string) => ({ file: name }) as TextFile;
  const shown = groups([file('knowledge/a.toml'), file('operator/b.toml'), file('operator/c.toml')]);
  expect(shown.map((one) => [one.title, one.files.length])).toEqual([
    ['Сценарии операторов', 2],
    ['База знаний', 1],
  ]);
});

test('what was found comes with the refusal', () => {
  const found = [{ line: 3, text: 'say: впишите текст', is_error: true }];
  expect(findingsOf(new Refused('В тексте ошибки', 409, { findings: found }))).toEqual(found);
  expect(findingsOf(new Refused('Нет связи', 0))).toEqual([]);
  expect(findingsOf(new Error('x'))).toEqual([]);
});
