import { expect, test } from 'vitest';

import { draft, isUnsaved, length, talked, waited } from './talk';
import type { Call, Script } from './types';

const call: Call = {
  call: 'C17',
  stage: 'talking',
  line: { id: '100', title: 'Консультация' },
  service: { id: 'scrap_licence', title: 'Лицензия на лом', chosen_by: 'speech' },
  services: [],
  suggested_service: null,
  caller: null,
  arrived_at_ms: 0,
  waited: { total_ms: 12_000, queue_ms: 3_000, is_waiting: false },
  heard: [],
  does_caller_write: false,
  written: [],
  transcript: { depth: null, is_lost: false, lines: [] },
  assistant: 'to_person',
  ring_until_at_ms: null,
  talk_since_at_ms: 0,
  talk_ms: null,
  talk_limits_ms: [480_000, 600_000],
  steps: [],
  answers: [],
  own_words: [],
  fields: {},
  referred_to: null,
  disposition: null,
  suggested_outcome: 'answered',
  wrap_up: null,
  transfers: [],
  consultation: null,
  is_caller_present: true,
  supervisor: null,
};

const script: Script = {
  id: 'scrap_licence',
  service: 'scrap_licence',
  version: '1',
  title: '',
  situation: '',
  need: '2',
  steps: ['greeting', 'who', 'closing'].map((id) => ({
    id,
    title: id,
    kind: 'body',
    say: id,
    hint: null,
    next: null,
    answers: [],
    fields: [],
    do: null,
  })),
};

test('ten minutes are not too long, and more is', () => {
  expect(length(call, 479_999)).toBe('fine');
  expect(length(call, 480_000)).toBe('soon');
  expect(length(call, 600_000)).toBe('soon');
  expect(length(call, 600_001)).toBe('over');
});

test('a talk that is over does not grow', () => {
  expect(talked({ ...call, talk_ms: 61_000 }, 999_000)).toBe(61_000);
});

test('a wait grows on the screen only while nobody has answered', () => {
  expect(waited(call, 1_000, 9_000)).toBe(12_000);
  const ringing = { ...call, waited: { ...call.waited, is_waiting: true } };
  expect(waited(ringing, 1_000, 9_000)).toBe(20_000);
});

test('the form is filled with what is probable and keeps what was typed', () => {
  expect(draft(call, script, {})).toEqual({ outcome: 'answered', need: '2', client: null });
  expect(draft(call, null, {}).need).toBe('1');
  const stated = { outcome: 'way_given', need: '5', client: 'company' };
  expect(draft({ ...call, disposition: stated }, script, {})).toEqual(stated);
  expect(draft({ ...call, disposition: stated }, script, { client: null }).client).toBe(null);
  expect(draft(call, script, { need: '9' }).need).toBe('9');
});

test('an untouched form is unsaved until the server knows it', () => {
  const form = draft(call, script, {});
  expect(isUnsaved(call, form)).toBe(true);
  expect(isUnsaved({ ...call, disposition: form }, form)).toBe(false);
});
