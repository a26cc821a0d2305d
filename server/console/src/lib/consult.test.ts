import { expect, test } from 'vitest';

import { consultationText } from './consult';
import type { Consultation } from './types';

const mine: Consultation = {
  state: 'aside',
  is_mine: true,
  operator: 'Иванова Анна',
  with: 'Ростехнадзор',
  is_outside: true,
  ring_until_at_ms: null,
  since_at_ms: 0,
};

test('it is said who is on hold, to both sides', () => {
  expect(consultationText(mine)).toBe('Ваш собеседник: Ростехнадзор. Клиент слышит музыку, вас он не слышит.');
  expect(consultationText({ ...mine, state: 'with_caller' })).toContain('На удержании: Ростехнадзор');
  expect(consultationText({ ...mine, is_mine: false })).toContain('Иванова Анна. Клиент ждёт');
  const states = ['ringing', 'aside', 'with_caller', 'conference'] as const;
  const all = states.flatMap((state) => [true, false].map((is_mine) => consultationText({ ...mine, state, is_mine })));
  expect(new Set(all).size).toBe(8);
});
