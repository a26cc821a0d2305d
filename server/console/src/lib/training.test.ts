import { expect, test } from 'vitest';

import { after, asked, begin, done, howOften, isClean, plusDays, situations, sums, talk, type Caller } from './training';
import type { Command, ScriptField, ScriptStep } from './types';

const field = (name: string, from: string | null = null): ScriptField => ({
  name,
  title: name,
  kind: 'text',
  required: true,
  from,
  options: [],
});

const step = (id: string, more: Partial<ScriptStep> = {}): ScriptStep => ({
  id,
  title: `шаг ${id}`,
  kind: 'body',
  say: `слова ${id}`,
  hint: null,
  next: null,
  answers: [],
  fields: [],
  do: null,
  ...more,
});

const caller: Caller = {
  id: 'visit',
  title: 'Хочет прийти',
  number: '+79161234567',
  opening: 'Здравствуйте!',
  replies: { ask: { say: 'Да.' } },
  script: {
    id: 'appointment',
    service: 'appointment',
    version: '1',
    title: 'Приём',
    situation: '',
    need: '4',
    steps: [
      step('greeting', { kind: 'greeting' }),
      step('ask', { answers: [{ id: 'yes', title: 'Да', goto: 'name' }] }),
      step('name', { say: 'Записываю: {field.name}.', fields: [field('name'), field('phone', 'caller')] }),
      step('closing', { kind: 'closing' }),
    ],
  },
};

const call = 'rehearsal';
const script = 'appointment';
const tick = (id: string, isDone = true): Command => ({ command: 'tick_step', call, script, step: id, done: isDone });
const run = (...commands: Command[]) =>
  commands.reduce((now, command) => after(now, caller.script, command), begin(caller));

test('the caller speaks first and answers what is said', () => {
  expect(talk(caller, run())).toEqual([{ who: 'caller', text: 'Здравствуйте!' }]);
  expect(talk(caller, run(tick('greeting'), tick('ask'))).map((line) => line.text)).toEqual([
    'Здравствуйте!',
    'слова greeting',
    'слова ask',
    'Да.',
  ]);
  const own = run({ command: 'own_words', call, script, step: 'ask' });
  expect(talk(caller, own).map((line) => line.text)).toEqual(['Здравствуйте!', '(своими словами) шаг ask', 'Да.']);
});

test('a question is said before its answer is known, and what was said stays said', () => {
  const waits = asked(run(tick('greeting')), 'ask');
  expect(talk(caller, waits).at(-1)).toEqual({ who: 'caller', text: 'Да.' });
  expect(waits.call.steps.map((one) => one.step)).toEqual(['greeting']);
  const goes = after(waits, caller.script, { command: 'answer_step', call, script, step: 'ask', answer: 'yes' });
  expect(goes.said.map((one) => one.step)).toEqual(['greeting', 'ask']);
  expect(goes.call.steps.map((one) => one.step)).toEqual(['greeting', 'ask']);
  const back = after(goes, caller.script, tick('ask', false));
  expect(back.call.steps.map((one) => one.step)).toEqual(['greeting']);
  expect(back.said.length).toBe(2);
});

test('what is known beforehand is noted with its step, as on the desk', () => {
  const noted = run(tick('name'), { command: 'note_field', call, field: 'name', value: 'Петров' });
  expect(noted.call.fields).toEqual({ phone: '+79161234567', name: 'Петров' });
  expect(talk(caller, noted).at(-1)?.text).toBe('Записываю: Петров.');
  const empty = after(noted, caller.script, { command: 'note_field', call, field: 'name', value: null });
  expect(empty.call.fields).toEqual({ phone: '+79161234567' });
});

test('nothing is told before the outcome is given', () => {
  const talked = run(tick('greeting'), { command: 'refer', call, body: 'tax' });
  expect(talked.call.suggested_outcome).toBe('way_given');
  expect(done(caller, talked)).toBeNull();
  const over = after(talked, caller.script, {
    command: 'disposition',
    call,
    outcome: 'way_given',
    need: '1',
    client: null,
  });
  expect(done(caller, over)).toEqual({
    caller: 'visit',
    steps: [{ step: 'greeting', own_words: false }],
    answers: {},
    fields: {},
    body: 'tax',
    outcome: 'way_given',
    need: '1',
  });
});

test('words of one’s own are no mistake', () => {
  const result = {
    at_ms: 0,
    full_name: '',
    caller: '',
    done: 1,
    needed: 1,
    skipped: [],
    reordered: [],
    own_words: ['шаг'],
    missing: [],
    answers: [],
    fields: [],
    outcome: false,
    need: false,
    body: false,
    meant: [],
  };
  expect(isClean(result)).toBe(true);
  expect(isClean({ ...result, need: true })).toBe(false);
  expect(isClean({ ...result, fields: ['поле'] })).toBe(false);
});

test('how often a topic is repeated', () => {
  const often = (repeat_days: number | null) => howOften({ id: '', title: '', repeat_days, queues: [] });
  expect([often(null), often(180), often(365), often(42)]).toEqual([
    'один раз',
    'раз в полгода',
    'раз в год',
    'раз в 42 дня',
  ]);
});

test('days, sums and situations', () => {
  expect(plusDays('2026-11-22', 180)).toBe('2027-05-21');
  expect(plusDays('2024-02-28', 2)).toBe('2024-03-01');
  const one = (state: 'never' | 'overdue') => ({ topic: '', on: null, next: null, noted_by: null, state });
  const people = [{ login: 'a', full_name: '', learned: [one('never'), one('overdue'), one('never')] }];
  expect(sums(people)).toEqual({ never: 2, learned: 0, soon: 0, overdue: 1 });
  const card = (id: string, script: string) => ({ id, title: id, script, situation: `когда ${script}` });
  expect(situations([card('a', 'Приём'), card('b', 'Жалоба'), card('c', 'Приём')])).toEqual([
    { title: 'Приём', situation: 'когда Приём', callers: [card('a', 'Приём'), card('c', 'Приём')] },
    { title: 'Жалоба', situation: 'когда Жалоба', callers: [card('b', 'Жалоба')] },
  ]);
});
