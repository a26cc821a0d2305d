import { expect, test } from 'vitest';

import { auditQuery, freshPassword, stateOf, target } from './office';

test('what is left open is not asked for', () => {
  expect(auditQuery({ by: '', kind: '', from: '', to: '' })).toBe('');
  expect(auditQuery({ by: 'anna', kind: '', from: '2026-11-22', to: '' })).toBe('?by=anna&from=2026-11-22');
});

test('a fresh password has four groups of letters that nobody mistakes', () => {
  let next = 0;
  const random = (bytes: Uint8Array<ArrayBuffer>) => bytes.map(() => (next = (next + 37) % 256));
  const password = freshPassword(random);
  expect(password).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/);
  expect(freshPassword(random)).not.toBe(password);
});

test('a choice names a word, a queue or an operator', () => {
  expect(target('front')).toBe('front');
  expect(target('queue:support')).toEqual({ queue: 'support' });
  expect(target('operator:a:b')).toEqual({ operator: 'a:b' });
});

test('a pause is a reason not to be ready', () => {
  expect(stateOf('ready')).toEqual({ state: 'ready' });
  expect(stateOf('sign_out')).toEqual({ state: 'sign_out' });
  expect(stateOf('lunch')).toEqual({ state: 'not_ready', reason: 'lunch' });
});
