import { expect, test } from 'vitest';

import { day, duration, left, number, plural, share } from './time';

test('a duration is read at a glance', () => {
  expect(duration(0)).toBe('0:00');
  expect(duration(65_999)).toBe('1:05');
  expect(duration(3_665_000)).toBe('1:01:05');
  expect(duration(-5_000)).toBe('0:00');
});

test('a countdown shows the last second until it is over', () => {
  expect(duration(left(10_000, 9_001))).toBe('0:01');
  expect(left(10_000, 10_000)).toBe(0);
  expect(left(10_000, 99_000)).toBe(0);
});

test('numbers agree with their nouns', () => {
  const calls = (n: number) => `${n} ${plural(n, 'звонок', 'звонка', 'звонков')}`;
  expect([1, 2, 5, 11, 12, 21, 114, 122].map(calls)).toEqual([
    '1 звонок',
    '2 звонка',
    '5 звонков',
    '11 звонков',
    '12 звонков',
    '21 звонок',
    '114 звонков',
    '122 звонка',
  ]);
});

test('numbers, shares and days are written as in Russian', () => {
  expect(number(12345)).toBe('12\u00a0345');
  expect([share(1, 5), share(0, 0)]).toEqual(['20\u00a0%', '—']);
  expect(day('2026-11-23')).toBe('23 ноября, пн');
});
