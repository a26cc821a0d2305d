import { expect, test } from 'vitest';

import { day, shift, trouble } from './cases';

test('a day is said with its month and weekday', () => {
  expect(day('2026-11-23')).toBe('23 ноября, пн');
  expect(day('2027-01-01')).toBe('1 января, пт');
  expect(day('скоро')).toBe('скоро');
});

test('days go over the ends of months', () => {
  expect(shift('2026-12-31', 1)).toBe('2027-01-01');
  expect(shift('2026-03-01', -1)).toBe('2026-02-28');
});

test('every outcome but the good one has its words', () => {
  expect(trouble('done')).toBe('');
  expect(trouble('taken')).toContain('другое');
});
