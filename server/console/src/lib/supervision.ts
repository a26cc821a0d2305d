import { ask } from './api';
import type { CallStage, Supervision, SupervisionMode } from './types';

export const MODES: readonly SupervisionMode[] = ['listen', 'whisper', 'barge'];

const VERBS: Record<SupervisionMode, string> = {
  listen: 'Слушать',
  whisper: 'Подсказать',
  barge: 'Включиться',
};

const HINTS: Record<SupervisionMode, string> = {
  listen: 'Вы слышите обоих, вас не слышит никто',
  whisper: 'Вас слышит только оператор',
  barge: 'Вас слышат оператор и клиент',
};

const STATES: Record<SupervisionMode, string> = {
  listen: 'слушает',
  whisper: 'подсказывает',
  barge: 'говорит с обоими',
};

/** What a button does. */
export const verb = (mode: SupervisionMode) => VERBS[mode];

/** Who hears the supervisor. */
export const hint = (mode: SupervisionMode) => HINTS[mode];

/** What somebody else is doing in a talk. */
export const state = (present: Supervision) => `${present.full_name} ${STATES[present.mode]}`;

/** Where a supervisor stands towards a talk: may come in, is in it, or may not. */
export type Standing = 'may' | 'in' | 'other' | 'no';

export function standing(
  own: { login: string; is_supervisor: boolean; supervising: Supervision | null },
  talk: { login: string; call: { call: string; stage: CallStage; supervision: Supervision | null } | null },
): Standing {
  const call = talk.call;
  if (!call || !own.is_supervisor || talk.login === own.login) return 'no';
  if (call.stage !== 'talking' && call.stage !== 'held') return 'no';
  if (call.supervision) return call.supervision.login === own.login ? 'in' : 'other';
  return own.supervising ? 'no' : 'may';
}

export const supervise = (call: string, mode: SupervisionMode) =>
  ask<void>('POST', '/api/v1/supervision', { call, mode });

export const leave = () => ask<void>('DELETE', '/api/v1/supervision');
