import { expect, test } from 'vitest';

import { figures, gradeTitle, quality, type Sample } from './quality';

const still: Sample = { received: 0, lost: 0, jitterS: 0, roundTripS: null, bufferedS: 0, emitted: 0 };

test('a clean line is good, and says so in numbers', () => {
  const after = { ...still, received: 100, jitterS: 0.003, roundTripS: 0.02, bufferedS: 640, emitted: 16_000 };
  const seen = quality(still, after);
  expect(seen).toEqual({ lossPercent: 0, jitterMs: 3, delayMs: 50, grade: 'good' });
  expect(figures(seen)).toBe('потери 0 %, дрожание 3 мс, задержка 50 мс');
});

test('loss and delay are told from each other and from nothing', () => {
  expect(quality(still, { ...still, received: 97, lost: 3 }).grade).toBe('fair');
  expect(quality(still, { ...still, received: 80, lost: 20 }).grade).toBe('bad');
  expect(quality(still, { ...still, received: 100, roundTripS: 1 }).grade).toBe('bad');
  expect(quality(still, still).grade).toBe('good');
  expect(figures(quality(still, { ...still, received: 197, lost: 3 }))).toContain('потери 1,5 %');
  expect(gradeTitle('bad')).toBe('плохая');
});

test('a counter that went back counts as nothing lost', () => {
  expect(quality({ ...still, lost: 5 }, { ...still, received: 10, lost: 4 }).lossPercent).toBe(0);
});
