import { expect, test } from 'vitest';

import { moment, people, state, tries, type Told } from './notifications';

const row: Told = {
  id: 'N1',
  kind: 'stage',
  channel: 'voice',
  to: '+7 *** ***-**-12',
  case: null,
  planned_at: 0,
  next_at: 5,
  attempts: 0,
  why: null,
  call: null,
  outcome: null,
  ended_at: null,
};

test('where a notification stands is said in words', () => {
  expect(state(row)).toBe('ждёт');
  expect(state({ ...row, next_at: null })).toBe('звоним');
  expect(state({ ...row, channel: 'sms', next_at: null })).toBe('отправляем');
  expect(state({ ...row, why: 'занято' })).toBe('занято');
  expect(state({ ...row, outcome: 'delivered', next_at: null })).toBe('доставлено');
});

test('tries are told with their call and the next of them', () => {
  expect(tries(row)).toBe('');
  expect(tries({ ...row, attempts: 2, call: 'C7' })).toMatch(/^попытка 2, звонок C7, следующая \S/);
  expect(tries({ ...row, attempts: 1, outcome: 'delivered' })).toBe('попытка 1');
});

test('a pasted list is taken line by line', () => {
  expect(people(' +79990000001 \n\n a@b.ru\n')).toEqual([
    { id: '1', to: '+79990000001' },
    { id: '2', to: 'a@b.ru' },
  ]);
});

test('an input of day and time is a moment, an empty one is none', () => {
  expect(moment('2026-12-31T18:00')).toBe(new Date(2026, 11, 31, 18, 0).getTime());
  expect(moment('')).toBeNull();
});
