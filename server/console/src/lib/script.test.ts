import { expect, test } from 'vitest';

import { aloud, currentStep, dialled, isTicked, known, missing, way, words } from './script';
import type { Call, Script, ScriptField, ScriptStep } from './types';

const field = (name: string, more: Partial<ScriptField> = {}): ScriptField => ({
  name,
  title: name,
  kind: 'text',
  required: false,
  from: null,
  options: [],
  ...more,
});

const step = (id: string, next: string | null, more: Partial<ScriptStep> = {}): ScriptStep => ({
  id,
  title: id,
  kind: 'body',
  say: id,
  hint: null,
  next,
  answers: [],
  fields: [],
  do: null,
  ...more,
});

const script: Script = {
  id: 'visit',
  service: 'appointment',
  version: '1',
  title: '',
  situation: '',
  need: '4',
  steps: [
    step('greeting', 'ask', { kind: 'greeting' }),
    step('ask', null, {
      answers: [
        { id: 'book', title: 'Записаться', goto: 'day' },
        { id: 'nothing', title: 'Ничего', goto: 'closing' },
      ],
    }),
    step('day', 'closing', {
      say: 'Записываю: {field.day}, {field.by}.',
      fields: [
        field('day', { kind: 'date', required: true }),
        field('by', { kind: 'choice', options: [{ id: 'post', title: 'письмом' }] }),
      ],
    }),
    step('closing', null, { kind: 'closing' }),
  ],
};

const nothing = { steps: [], answers: [] };
const ids = (steps: ScriptStep[]) => steps.map((one) => one.id);
const took = (answer: string) => ({
  steps: [],
  answers: [{ script: 'visit', step: 'ask', answer }],
});

test('a way goes by the answers and ends where one is missing', () => {
  expect(ids(way(nothing, script))).toEqual(['greeting', 'ask']);
  expect(ids(way(took('book'), script))).toEqual(['greeting', 'ask', 'day', 'closing']);
  expect(ids(way(took('nothing'), script))).toEqual(['greeting', 'ask', 'closing']);
});

test('a way that leads back to itself ends', () => {
  const round = { ...script, steps: [step('a', 'b'), step('b', 'a')] };
  expect(ids(way(nothing, round))).toEqual(['a', 'b']);
});

test('the current step follows the last ticked one and comes back to what was left out', () => {
  const ticked = (...steps: string[]) => ({
    ...took('book'),
    steps: steps.map((one) => ({ script: 'visit', step: one })),
  });
  const current = (...steps: string[]) => currentStep(ticked(...steps), script)?.id;
  expect(current()).toBe('greeting');
  expect(current('greeting', 'ask')).toBe('day');
  expect(current('ask')).toBe('day');
  expect(current('greeting', 'ask', 'closing')).toBe('day');
  expect(current('greeting', 'ask', 'day', 'closing')).toBe(undefined);
});

test('a greeting counts whichever script was open', () => {
  const call = { steps: [{ script: 'other', step: 'greeting' }], answers: [] };
  expect(isTicked(call, script, script.steps[0]!)).toBe(true);
  const other = { steps: [{ script: 'other', step: 'day' }], answers: [] };
  expect(isTicked(other, script, script.steps[2]!)).toBe(false);
});

test('a field is filled in from what is known', () => {
  const heard = (step: string, text: string, is_accepted: boolean) => ({ step, text, is_accepted });
  const call = {
    caller: '+79161234567',
    service: { title: 'Лицензия' },
    heard: [heard('name', 'не то', false), heard('name', 'Иванов', true), heard('name', 'шум', false)],
  } as unknown as Call;
  expect(known(call, field('x', { from: 'caller' }))).toBe('+79161234567');
  expect(known(call, field('x', { from: 'service' }))).toBe('Лицензия');
  expect(known(call, field('x', { from: 'heard.name' }))).toBe('Иванов');
  expect(known(call, field('x', { from: 'heard.other' }))).toBe('');
  expect(known(call, field('x'))).toBe('');
});

test('what was written down is read back as people say it', () => {
  const say = script.steps[2]!.say;
  expect(words(script, say, { day: '2026-11-23', by: 'post' })).toBe('Записываю: 23 ноября, пн, письмом.');
  expect(words(script, say, {})).toBe('Записываю: (не указано), (не указано).');
  expect(aloud(field('x', { kind: 'yes_no' }), 'no')).toBe('нет');
});

test('only required fields of the way taken are missing', () => {
  const call = { ...took('book'), fields: {} } as unknown as Call;
  expect(missing(call, script).map((one) => one.name)).toEqual(['day']);
  expect(missing({ ...call, fields: { day: '2026-11-23' } }, script)).toEqual([]);
  expect(missing({ ...call, answers: [] }, script)).toEqual([]);
});

test('a number is spelled as the server spells it', () => {
  expect(dialled('8 (916) 123-45-67')).toBe('+79161234567');
  expect(dialled('9161234567')).toBe('+79161234567');
  expect(dialled('+375 29 123-45-67')).toBe('+375291234567');
  expect(dialled('102')).toBe('102');
});
