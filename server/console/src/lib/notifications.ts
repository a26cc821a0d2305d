import { ask } from './api';
import { dayAndTime } from './time';

export type Channel = 'voice' | 'sms' | 'email';

export interface Told {
  id: string;
  kind: string;
  channel: Channel;
  to: string;
  case: string | null;
  planned_at: number;
  next_at: number | null;
  attempts: number;
  why: string | null;
  call: string | null;
  outcome: string | null;
  ended_at: number | null;
}

export interface Broadcast {
  line: string | null;
  text: string;
  since: number;
  /** Taken back at this time, microseconds since 1970; by hand only if null. */
  until: number | null;
  operator: string;
}

export interface ToldView {
  now_ms: number;
  notifications: Told[];
  broadcasts: Broadcast[];
  lines: string[];
}

export interface Person {
  id: string;
  to: string;
}

const KINDS: Record<string, string> = {
  received: 'Обращение принято',
  payment_confirmed: 'Оплата подтверждена',
  appointment: 'Запись на приём',
  result: 'Результат готов',
  stage: 'Этап рассмотрения',
  status_changed: 'Статус изменился',
  next_steps: 'Что делать дальше',
  campaign: 'Рассылка',
  internal: 'Сотруднику',
};

const CHANNELS: Record<string, string> = { voice: 'Звонок', sms: 'SMS', email: 'Почта' };

const OUTCOMES: Record<string, string> = {
  delivered: 'доставлено',
  failed: 'не доставлено',
  expired: 'срок прошёл',
  no_consent: 'нет согласия',
  opted_out: 'отказался',
  too_often: 'предел частоты',
  withdrawn: 'снято',
};

export const kind = (word: string) => KINDS[word] ?? word;
export const channel = (word: string) => CHANNELS[word] ?? word;

/** Where a notification stands, in words. */
export function state(row: Told): string {
  if (row.outcome) return OUTCOMES[row.outcome] ?? row.outcome;
  if (row.next_at === null) return row.channel === 'voice' ? 'звоним' : 'отправляем';
  return row.why ?? 'ждёт';
}

/** How often it was tried, by which call, and when it is tried again; nothing before the first try. */
export function tries(row: Told): string {
  if (row.attempts === 0) return '';
  const by = row.call ? `, звонок ${row.call}` : '';
  const next = row.outcome === null && row.next_at !== null ? `, следующая ${when(row.next_at)}` : '';
  return `попытка ${row.attempts}${by}${next}`;
}

/** Addresses from a pasted list: one a line, numbered by their place. */
export function people(list: string): Person[] {
  return list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((to, at) => ({ id: String(at + 1), to }));
}

/** «22 нояб., 14:05», local time, from microseconds since 1970. */
export function when(us: number | null): string {
  return us === null ? '' : dayAndTime(us / 1_000);
}

export const told = (open: boolean) =>
  ask<ToldView>('GET', `/api/v1/notifications${open ? '?open=true' : ''}`);
/** Milliseconds since 1970 of what an input of day and time holds; null if it holds nothing. */
export function moment(input: string): number | null {
  const ms = new Date(input).getTime();
  return Number.isNaN(ms) ? null : ms;
}

export const setBroadcast = (line: string | null, text: string | null, until_ms: number | null) =>
  ask<void>('PUT', '/api/v1/broadcast', { line, text, until_ms });
export const campaign = (name: string, way: Channel, text: string, whom: Person[]) =>
  ask<void>('POST', '/api/v1/campaigns', { name, channel: way, text, people: whom });
export const consent = (address: string, channels: Channel[], allowed: boolean) =>
  ask<void>('POST', '/api/v1/consents', { address, channels, allowed });
