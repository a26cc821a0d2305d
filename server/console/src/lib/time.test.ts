import { expect, test } from 'vitest';

import { duration, left, plural } from './time';

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
