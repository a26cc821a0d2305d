import { expect, test } from 'vitest';

import { howIs, levelOf } from './wall';

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
