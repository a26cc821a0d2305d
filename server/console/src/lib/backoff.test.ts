import { expect, test } from 'vitest';

import { backoff } from './backoff';

test('the first attempts come soon, later ones not more than 10 s apart', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((n) => backoff(n, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(backoff(1, 0)).toBe(250);
});
