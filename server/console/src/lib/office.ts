import { ask } from './api';
import type { Team } from './types';

/** What somebody may do; see `/api/v1/me`. */
export type Right = 'take_calls' | 'see_room' | 'hear_recordings' | 'manage_room' | 'administer';

export interface AuditRow {
  seq: number;
  at_ms: number;
  by: string | null;
  name: string;
  kind: string;
  text: string;
}

export interface Choice {
  id: string;
  title: string;
}

export interface AuditView {
  now_ms: number;
  rows: AuditRow[];
  kinds: Choice[];
  people: Choice[];
}

export interface AuditWish {
  by: string;
  kind: string;
  from: string;
  to: string;
}

export interface Person {
  login: string;
  full_name: string;
  position: string;
  role: string;
  role_title: string;
  queues: string[];
  phone: 'registers' | 'fixed';
  hears_recordings: boolean;
  is_disabled: boolean;
  is_password_reset: boolean;
  seen_at_ms: number | null;
}

/** What is asked for, without what is left open. */
export function auditQuery(wish: AuditWish): string {
  const asked = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ''));
  const text = asked.toString();
  return text === '' ? '' : `?${text}`;
}

export const audit = (wish: AuditWish) => ask<AuditView>('GET', `/api/v1/audit${auditQuery(wish)}`);
export const people = () => ask<Person[]>('GET', '/api/v1/people');
export const setPassword = (login: string, password: string) =>
  ask<void>('PUT', `/api/v1/people/${encodeURIComponent(login)}/password`, { password });
export const setAccount = (login: string, enabled: boolean) =>
  ask<void>('PUT', `/api/v1/people/${encodeURIComponent(login)}/account`, { enabled });

export interface Card {
  full_name: string;
  position: string;
  role: string;
  hears_recordings: boolean;
}

export const setCard = (login: string, card: Card) =>
  ask<void>('PUT', `/api/v1/people/${encodeURIComponent(login)}/card`, card);

/** Roles between which somebody may be moved here: an analyst takes no calls, the others do. */
export function rolesFor(role: string): Choice[] {
  if (role === 'analyst') return [{ id: 'analyst', title: 'аналитик' }];
  return [
    { id: 'operator', title: 'оператор' },
    { id: 'supervisor', title: 'старший смены' },
    { id: 'administrator', title: 'администратор' },
  ];
}

/** A large screen that shows the wallboard without a login. */
export interface Screen {
  id: number;
  title: string;
  by: string;
  at_ms: number;
}

const SCREENS = '/api/v1/wallboard/screens';

export const screens = () => ask<Screen[]>('GET', SCREENS);
/** The address that opens it; told once. */
export const openScreen = (title: string) => ask<{ path: string }>('POST', SCREENS, { title });
export const closeScreen = (id: number) => ask<void>('DELETE', `${SCREENS}/${id}`);

/** A password that nobody guesses and that can be read out: 4 groups of 4. */
export function freshPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const groups: string[] = [];
  while (groups.length < 4) {
    let group = '';
    while (group.length < 4) {
      for (const byte of random(new Uint8Array(8))) {
        // A byte beyond the last whole alphabet would make some letters likelier.
        if (byte < 248 && group.length < 4) group += letters[byte % 31];
      }
    }
    groups.push(group);
  }
  return groups.join('-');
}

/** The day and the time of a moment, local. */
export function dayAndTime(at_ms: number): string {
  return new Date(at_ms).toLocaleString('ru-RU', {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}


export const team = () => ask<Team>('GET', '/api/v1/team');
export const setSkills = (login: string, skills: Record<string, number>) =>
  ask<void>('PUT', `/api/v1/team/${encodeURIComponent(login)}/skills`, { skills });
export const setState = (login: string, state: { state: string; reason?: string }) =>
  ask<void>('PUT', `/api/v1/team/${encodeURIComponent(login)}/state`, state);
export const setStrategy = (queue: string, strategy: string) =>
  ask<void>('PUT', `/api/v1/queues/${encodeURIComponent(queue)}/strategy`, { strategy });

/** Where a caller is moved, or whom a message is for: a word, a queue or an operator. */
export type Target = string | { queue: string } | { operator: string };

/** What a choice of the page stands for: `queue:support`, `operator:anna`, or a word. */
export function target(choice: string): Target {
  const at = choice.indexOf(':');
  if (at < 0) return choice;
  const id = choice.slice(at + 1);
  return choice.startsWith('queue:') ? { queue: id } : { operator: id };
}

export const move = (call: string, to: Target) =>
  ask<void>('POST', `/api/v1/calls/${encodeURIComponent(call)}/move`, { to });
export const tell = (to: Target, text: string) => ask<void>('POST', '/api/v1/messages', { to, text });

/** A choice in a list of states to what the server is told. */
export function stateOf(choice: string): { state: string; reason?: string } {
  return choice === 'ready' || choice === 'sign_out' ? { state: choice } : { state: 'not_ready', reason: choice };
}

export interface UnansweredCall {
  call: string;
  at_ms: number;
  phone: string | null;
  service: string;
  queue: string | null;
  cause: string;
  waited_ms: number;
  state: 'open' | 'taken' | 'expired' | 'called_back' | 'reached' | 'closed';
  until_at_ms: number;
  by: string | null;
  since_at_ms: number | null;
  failed: number;
  note: string | null;
}

export interface LowRating {
  call: string;
  at_ms: number;
  score: number;
  operator: string;
  service: string;
  script_version: string;
  recordings: string[];
  by: string | null;
  reviewed_at_ms: number | null;
  note: string | null;
}

export interface Owed {
  now_ms: number;
  term_h: number;
  unanswered: UnansweredCall[];
  ratings: LowRating[];
}

export const owed = () => ask<Owed>('GET', '/api/v1/owed');
export const callBack = (call: string) =>
  ask<void>('POST', `/api/v1/owed/calls/${encodeURIComponent(call)}/callback`);
export const closeCall = (call: string, note: string) =>
  ask<void>('POST', `/api/v1/owed/calls/${encodeURIComponent(call)}/close`, { note });
export const closeRating = (call: string, note: string) =>
  ask<void>('POST', `/api/v1/owed/ratings/${encodeURIComponent(call)}/close`, { note });
export const recording = (file: string) => `/api/v1/recordings/${encodeURIComponent(file)}`;

const OWED: Record<UnansweredCall['state'], string> = {
  open: 'не перезвонили',
  taken: 'перезваниваем',
  expired: 'срок прошёл',
  called_back: 'перезвонили',
  reached: 'дозвонился сам',
  closed: 'закрыт',
};

export const owedTitle = (state: UnansweredCall['state']) => OWED[state];
