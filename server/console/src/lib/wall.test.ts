import { expect, test } from 'vitest';

import { howIs, levelOf, tokenOf } from './wall';

test('callers without anybody free are an alarm', () => {
  expect(howIs(0, 0)).toBe('calm');
  expect(howIs(3, 1)).toBe('busy');
  expect(howIs(1, 0)).toBe('alarm');
});

test('99.9 % is not all', () => {
  expect(levelOf(null)).toBe('—');
  expect(levelOf(999)).toBe('99\u00a0%');
  expect(levelOf(1000)).toBe('100\u00a0%');
});

test('a token is 64 hexadecimal digits', () => {
  const token = '0123456789abcdef'.repeat(4);
  expect(tokenOf(`#${token}`)).toBe(token);
  expect([tokenOf(''), tokenOf('#board'), tokenOf(`#${token}0`), tokenOf(token)]).toEqual([null, null, null, null]);
});
