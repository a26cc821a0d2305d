import { ask } from './api';
import { known, words } from './script';
import { plural } from './time';
import type { Call, Command, Disposition, Script } from './types';

export type Standing = 'never' | 'learned' | 'soon' | 'overdue';

export interface Learned {
  topic: string;
  on: string | null;
  next: string | null;
  noted_by: string | null;
  state: Standing;
}

export interface Person {
  login: string;
  full_name: string;
  learned: Learned[];
}

export interface Topic {
  id: string;
  title: string;
  repeat_days: number | null;
  queues: string[];
}

/** How a rehearsal went; names are titles. */
export interface Rehearsal {
  at_ms: number;
  full_name: string;
  caller: string;
  done: number;
  needed: number;
  skipped: string[];
  reordered: string[];
  own_words: string[];
  missing: string[];
  /** Steps where the caller answered something else. */
  answers: string[];
  /** Fields that hold something other than the caller said. */
  fields: string[];
  outcome: boolean;
  need: boolean;
  body: boolean;
  /** What the caller said of each field; only right after the rehearsal. */
  meant: { name: string; title: string; value: string }[];
}

export interface CallerCard {
  id: string;
  title: string;
  script: string;
  situation: string;
}

export interface Training {
  today: string;
  may_note: boolean;
  topics: Topic[];
  people: Person[];
  callers: CallerCard[];
  rehearsals: Rehearsal[];
}

export interface Caller {
  id: string;
  title: string;
  number: string | null;
  opening: string;
  replies: Record<string, { say: string }>;
  script: Script;
}

export interface Due {
  title: string;
  state: Standing;
  next: string | null;
}

/** What the server is told of a rehearsal. */
export interface Done {
  caller: string;
  steps: { step: string; own_words: boolean }[];
  answers: Record<string, string>;
  fields: Record<string, string>;
  body: string | null;
  outcome: string;
  need: string;
}

export const training = () => ask<Training>('GET', '/api/v1/training');
export const due = () => ask<Due[]>('GET', '/api/v1/training/due');
export const learned = (operator: string, topic: string, on: string, next: string | null) =>
  ask<void>('POST', '/api/v1/training/learned', { operator, topic, on, next });
export const caller = (id: string) => ask<Caller>('GET', `/api/v1/training/callers/${encodeURIComponent(id)}`);
export const rehearsed = (done: Done) => ask<Rehearsal>('POST', '/api/v1/training/rehearsals', done);

export const STANDINGS: Record<Standing, string> = {
  never: 'не пройдено',
  learned: 'пройдено',
  soon: 'скоро повторить',
  overdue: 'просрочено',
};

/** «раз в полгода», as people say it; the rest in days. */
export function howOften({ repeat_days }: Topic): string {
  if (repeat_days === null) return 'один раз';
  const known: Record<number, string> = { 30: 'раз в месяц', 90: 'раз в квартал', 180: 'раз в полгода', 365: 'раз в год' };
  return known[repeat_days] ?? `раз в ${repeat_days} ${plural(repeat_days, 'день', 'дня', 'дней')}`;
}

/** So many days later. */
export function plusDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** How many topics are overdue, were never learned, and are to be repeated soon. */
export function sums(people: Person[]): Record<Standing, number> {
  const all: Record<Standing, number> = { never: 0, learned: 0, soon: 0, overdue: 0 };
  for (const one of people.flatMap((person) => person.learned)) all[one.state] += 1;
  return all;
}

/** Simulated callers by the situation they are for. */
export function situations(callers: CallerCard[]): { title: string; situation: string; callers: CallerCard[] }[] {
  const titles = [...new Set(callers.map((one) => one.script))];
  return titles.map((title) => {
    const own = callers.filter((one) => one.script === title);
    return { title, situation: own[0]?.situation ?? '', callers: own };
  });
}

/** A talk with a simulated caller: a call that only this page knows, and the steps said aloud. */
export interface Run {
  call: Call;
  /** In the order in which they were said; words cannot be taken back. */
  said: { step: string; own_words: boolean }[];
}

/** A call number that no call has. */
const NO_CALL = 'rehearsal';

export function begin(caller: Caller): Run {
  const card = { id: caller.script.service ?? 'undetermined', title: caller.script.title };
  const call: Call = {
    call: NO_CALL,
    stage: 'talking',
    line: card,
    service: { ...card, chosen_by: null },
    services: [],
    suggested_service: null,
    caller: caller.number,
    arrived_at_ms: 0,
    waited: { total_ms: 0, queue_ms: 0, is_waiting: false },
    heard: [],
    does_caller_write: false,
    written: [],
    transcript: { depth: null, is_lost: false, lines: [] },
    assistant: null,
    ring_until_at_ms: null,
    talk_since_at_ms: null,
    talk_ms: null,
    talk_limits_ms: [0, 0],
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
  return { call, said: [] };
}

/** What a command of the desk does to the rehearsal: the same that it does to a call. */
export function after(run: Run, script: Script, command: Command): Run {
  const { call } = run;
  switch (command.command) {
    case 'tick_step':
      return command.done ? said(run, script, command.step, false) : unticked(run, command.step);
    case 'own_words': {
      const next = said(run, script, command.step, true);
      const own = { script: script.id, step: command.step };
      return with_(next, { own_words: [...next.call.own_words, own] });
    }
    case 'answer_step': {
      const next = said(run, script, command.step, false);
      const others = next.call.answers.filter((one) => one.step !== command.step);
      const answer = { script: script.id, step: command.step, answer: command.answer };
      return with_(next, { answers: [...others, answer] });
    }
    case 'note_field': {
      const fields = { ...call.fields };
      if (command.value === null) delete fields[command.field];
      else fields[command.field] = command.value;
      return with_(run, { fields });
    }
    case 'refer':
      return with_(run, {
        referred_to: command.body,
        suggested_outcome: command.body === null ? 'answered' : 'way_given',
      });
    case 'disposition': {
      const disposition: Disposition = { outcome: command.outcome, need: command.need, client: command.client };
      return with_(run, { disposition });
    }
    default:
      return run;
  }
}

function with_(run: Run, change: Partial<Call>): Run {
  return { ...run, call: { ...run.call, ...change } };
}

/** Says a step aloud without ticking it: the answer decides how to go on. */
export function asked(run: Run, step: string, own_words = false): Run {
  const isSaid = run.said.some((one) => one.step === step);
  return isSaid ? run : { ...run, said: [...run.said, { step, own_words }] };
}

function said(run: Run, script: Script, id: string, own_words: boolean): Run {
  const next = asked(run, id, own_words);
  const step = script.steps.find((one) => one.id === id);
  const fields = { ...next.call.fields };
  for (const field of step?.fields ?? []) {
    const value = known(next.call, field);
    if (value && !fields[field.name]) fields[field.name] = value;
  }
  const others = next.call.steps.filter((one) => one.step !== id);
  return with_(next, { fields, steps: [...others, { script: script.id, step: id }] });
}

function unticked(run: Run, step: string): Run {
  const rest = <T extends { step: string }>(ticks: T[]) => ticks.filter((one) => one.step !== step);
  return with_(run, { steps: rest(run.call.steps), own_words: rest(run.call.own_words) });
}

export interface Line {
  who: 'caller' | 'operator';
  text: string;
}

/** What was said so far, the caller first. */
export function talk(caller: Caller, run: Run): Line[] {
  const lines: Line[] = [{ who: 'caller', text: caller.opening }];
  for (const { step: id, own_words } of run.said) {
    const step = caller.script.steps.find((one) => one.id === id);
    if (!step) continue;
    const text = own_words ? `(своими словами) ${step.title}` : words(caller.script, step.say, run.call.fields);
    lines.push({ who: 'operator', text });
    const reply = caller.replies[id];
    if (reply) lines.push({ who: 'caller', text: reply.say });
  }
  return lines;
}

/** What the server is told; nothing until the outcome is given. */
export function done(caller: Caller, { call }: Run): Done | null {
  if (!call.disposition) return null;
  const isOwn = (step: string) => call.own_words.some((one) => one.step === step);
  return {
    caller: caller.id,
    steps: call.steps.map(({ step }) => ({ step, own_words: isOwn(step) })),
    answers: Object.fromEntries(call.answers.map((one) => [one.step, one.answer])),
    fields: call.fields,
    body: call.referred_to,
    outcome: call.disposition.outcome,
    need: call.disposition.need,
  };
}

/** Whether nothing is to be mended. */
export function isClean(result: Rehearsal): boolean {
  const { skipped, reordered, missing, answers, fields, outcome, need, body } = result;
  return [skipped, reordered, missing, answers, fields].every((names) => names.length === 0) && !(outcome || need || body);
}
