import { expect, test } from 'vitest';

import { hint, MODES, standing, state, verb } from './supervision';
import type { CallStage, Supervision } from './types';

const present = (login: string): Supervision => ({
  call: 'C7',
  login,
  full_name: 'Соколова Галина',
  mode: 'whisper',
  since_at_ms: 0,
});

function talk(stage: CallStage, supervision: Supervision | null = null) {
  return { login: 'anna', call: { call: 'C7', stage, supervision } };
}

test('buttons stand by a talk that goes on, and only where they do something', () => {
  const galina = { login: 'galina', is_supervisor: true, supervising: null };
  expect(standing(galina, talk('talking'))).toBe('may');
  expect(standing(galina, talk('held'))).toBe('may');
  expect(standing(galina, talk('ringing'))).toBe('no');
  expect(standing(galina, talk('wrap_up'))).toBe('no');
  expect(standing(galina, { login: 'anna', call: null })).toBe('no');
  expect(standing({ login: 'anna', is_supervisor: true, supervising: null }, talk('talking'))).toBe('no');
  expect(standing(galina, talk('talking', present('vera')))).toBe('other');
  const analyst = { login: 'galina', is_supervisor: false, supervising: null };
  expect(standing(analyst, talk('talking'))).toBe('no');
  const busy = { login: 'galina', is_supervisor: true, supervising: present('galina') };
  expect(standing(busy, talk('talking', present('galina')))).toBe('in');
  expect(standing(busy, talk('talking'))).toBe('no');
});

test('every mode has its words', () => {
  expect(MODES.map(verb)).toEqual(['Слушать', 'Подсказать', 'Включиться']);
  expect(new Set(MODES.map(hint)).size).toBe(3);
  expect(state(present('galina'))).toBe('Соколова Галина подсказывает');
});
