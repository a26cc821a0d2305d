import { ask } from './api';

export interface Appointment {
  number: string;
  time: string;
  place: string;
  service: string;
  name: string | null;
  recording: string | null;
  phone: string | null;
  is_cancelled: boolean;
}

export interface Complaint {
  number: string;
  service: string;
  filed_at_ms: number;
  responsible: string;
  due: string;
  days_left: number;
  fields: Record<string, string>;
  recordings: Record<string, string>;
  answered_at_ms: number | null;
  answered_by: string | null;
}

export interface Callback {
  number: string;
  service: string;
  phone: string;
  asked_at_ms: number;
  not_before_at_ms: number;
  until_at_ms: number;
  is_overdue: boolean;
  outcome: string | null;
}

export interface Cases {
  now_ms: number;
  day: string;
  today: string;
  appointments: Appointment[];
  complaints: Complaint[];
  callbacks: Callback[];
}

/** A value with its type, as the server writes it: `{ text: '…' }`. */
export type Value = Partial<{
  yes_no: boolean;
  date: string;
  time: string;
  phone: string;
  case: string;
  choice: string;
  text: string;
  number: number;
  dictation: { file: string; words: string };
}>;

export type Values = Record<string, Value>;

export interface Answer {
  outcome: 'done' | 'none' | 'not_found' | 'taken' | 'refused' | 'unavailable';
  values: Values;
  choices: Values[];
}

export const cases = (day?: string) =>
  ask<Cases>('GET', day ? `/api/v1/cases?day=${encodeURIComponent(day)}` : '/api/v1/cases');
export const task = (name: string, call: string | null, values: Values) =>
  ask<Answer>('POST', '/api/v1/cases/tasks', { task: name, call, arguments: values });
export const answerComplaint = (number: string) =>
  ask<void>('POST', `/api/v1/cases/${encodeURIComponent(number)}/answer`);
export const endCallback = (number: string, outcome: 'connected' | 'cancelled') =>
  ask<void>('POST', `/api/v1/cases/${encodeURIComponent(number)}/callback`, { outcome });
export const recording = (file: string) => `/api/v1/cases/recordings/${encodeURIComponent(file)}`;

export { day } from './time';

/** The day `days` later, `2026-11-24`. */
export function shift(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** What an outcome means to the operator; nothing if it went as asked. */
export function trouble(outcome: Answer['outcome']): string {
  switch (outcome) {
    case 'done':
      return '';
    case 'none':
      return 'Свободного времени нет';
    case 'not_found':
      return 'Такого номера нет: проверьте цифры';
    case 'taken':
      return 'Это время уже заняли: выберите другое';
    case 'refused':
      return 'Не принято: проверьте поля';
    case 'unavailable':
      return 'Сейчас это сделать нельзя';
  }
}

/** A typed text as the complaint's fields want it. */
export const typed = (words: string): Value => ({ dictation: { file: '', words } });
