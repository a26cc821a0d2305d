import { expect, test } from 'vitest';

import { phone, title } from './words';

test('a Russian number is grouped, another is left alone', () => {
  expect(phone('+79991234567')).toBe('+7 999 123-45-67');
  expect(phone('89991234567')).toBe('+7 999 123-45-67');
  expect(phone('200')).toBe('200');
});

test('an unknown word is shown as it is', () => {
  const words = [{ code: 'lunch', title: 'Обед' }];
  expect(title(words, 'lunch')).toBe('Обед');
  expect(title(words, 'siesta')).toBe('siesta');
  expect(title(undefined, null)).toBe('');
});
