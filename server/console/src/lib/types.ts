// What the server sends: see /api/openapi.json. Moments are `…_at_ms`, ms since 1970 UTC.

import type { Right } from './office';

export type OperatorState =
  | 'signed_out'
  | 'not_ready'
  | 'ready'
  | 'ringing'
  | 'connecting'
  | 'talking'
  | 'consulted'
  | 'wrap_up';

export type CallStage = 'ringing' | 'connecting' | 'talking' | 'held' | 'consulted' | 'wrap_up';

export type SupervisionMode = 'listen' | 'whisper' | 'barge';

/** A supervisor in an operator's talk. */
export interface Supervision {
  call: string;
  login: string;
  full_name: string;
  mode: SupervisionMode;
  since_at_ms: number;
}

export interface Card {
  id: string;
  title: string;
}

export interface Me {
  login: string;
  full_name: string;
  position: string;
  role: 'operator' | 'supervisor' | 'analyst' | 'administrator';
  rights: Right[];
  is_supervisor: boolean;
  organisation: string;
  has_browser_phone: boolean;
}

export interface Operator {
  login: string;
  full_name: string;
  position: string;
  is_supervisor: boolean;
  state: OperatorState;
  reason: string | null;
  pause_until_at_ms: number | null;
  then: string | null;
  since_at_ms: number | null;
  is_phone_reachable: boolean;
}

export interface Heard {
  at_ms: number;
  step: string;
  text: string | null;
  key: string | null;
  confidence_permille: number | null;
  is_accepted: boolean;
}

export interface Disposition {
  outcome: string;
  need: string;
  client: string | null;
}

export interface AssistantScript {
  id: string;
  title: string;
  version: string;
  purpose: string;
  nodes: number;
}

export interface Trial {
  lines: { who: 'assistant' | 'caller' | 'why' | 'end'; text: string }[];
  is_over: boolean;
}

export interface SpokenLine {
  at_ms: number;
  text: string;
  confidence_permille: number;
}

/** What the caller says to the operator, as far as it is recognised. */
export interface Transcript {
  depth: 'words' | 'phrases' | null;
  is_lost: boolean;
  lines: SpokenLine[];
}

export interface Written {
  at_ms: number;
  is_operators: boolean;
  text: string;
}

export interface Handover {
  at_ms: number;
  from: string;
  to: string;
  is_to_queue: boolean;
}

/** Somebody is consulted about a call. */
export interface Consultation {
  state: 'ringing' | 'aside' | 'with_caller' | 'conference';
  /** Whether the operator of this desk consults; otherwise they are consulted. */
  is_mine: boolean;
  operator: string;
  with: string;
  is_outside: boolean;
  ring_until_at_ms: number | null;
  since_at_ms: number | null;
}

export interface Outside {
  is_typed: boolean;
  contacts: { name: string; number: string }[];
}

export interface Call {
  call: string;
  stage: CallStage;
  line: Card;
  service: Card & { chosen_by: string | null };
  services: Card[];
  suggested_service: (Card & { confidence_permille: number }) | null;
  caller: string | null;
  arrived_at_ms: number;
  waited: { total_ms: number; queue_ms: number; is_waiting: boolean };
  heard: Heard[];
  does_caller_write: boolean;
  written: Written[];
  transcript: Transcript;
  assistant: string | null;
  ring_until_at_ms: number | null;
  talk_since_at_ms: number | null;
  talk_ms: number | null;
  talk_limits_ms: [number, number];
  steps: Tick[];
  /** Branches taken, steps in other words, what was written down. */
  answers: (Tick & { answer: string })[];
  own_words: Tick[];
  fields: Record<string, string>;
  referred_to: string | null;
  disposition: Disposition | null;
  suggested_outcome: string;
  wrap_up: { until_at_ms: number; is_overdue: boolean; extensions_left: number } | null;
  transfers: Handover[];
  consultation: Consultation | null;
  is_caller_present: boolean;
  supervisor: string | null;
}

export interface Queue {
  id: string;
  title: string;
  is_open: boolean;
  waiting: number;
  kept: number;
  longest_since_at_ms: number | null;
  ready: number;
  signed_in: number;
}

export interface Colleague {
  login: string;
  full_name: string;
  position: string;
  state: OperatorState;
  is_free: boolean;
}

export interface Today {
  answered: number;
  missed: number;
  transfers: number;
  mean_talk_ms: number | null;
}

/** What the server says of this desk alone. */
export interface OwnDesk {
  now_ms: number;
  organisation: string;
  operator: Operator;
  call: Call | null;
  serves: string[];
  /** Somebody else's talk that a supervisor is in. */
  supervising: Supervision | null;
  outside: Outside | null;
  today: Today;
  answered_by_another: { call: string; at_ms: number; by: string | null } | null;
  messages: Note[];
}

/** What the server says to every desk. */
export interface Room {
  queues: Queue[];
  colleagues: Colleague[];
}

/** Both together, as an operator sees them. */
export interface DeskView extends OwnDesk {
  /** Those the operator serves. */
  queues: Queue[];
  /** Everybody else. */
  colleagues: Colleague[];
  all_queues: Queue[];
}

export interface Skill {
  skill: string;
  level: number;
}

export interface TeamOperator {
  login: string;
  full_name: string;
  state: OperatorState;
  queues: Card[];
  skills: Skill[];
  are_skills_changed: boolean;
}

export interface Team {
  now_ms: number;
  queues: (Card & {
    is_open: boolean;
    strategy: string;
    strategy_title: string;
    is_strategy_changed: boolean;
    chosen_at_ms: number | null;
    chosen: string | null;
    why: string | null;
  })[];
  operators: TeamOperator[];
  skills: string[];
  strategies: Card[];
}

/** A message to the operator. */
export interface Note {
  id: number;
  at_ms: number;
  from: string;
  text: string;
}

export interface WaitingCaller {
  call: string;
  queue: Card;
  service: string;
  since_at_ms: number;
  said: string[];
  rings: string[];
}

/** Who waits, and what was told to operators. */
export interface Floor {
  now_ms: number;
  waiting: WaitingCaller[];
  messages: (Note & { to: string; read: string[]; unread: string[] })[];
}

export interface BoardView {
  now_ms: number;
  organisation: string;
  with_assistant: number;
  queues: (Queue & {
    answered_today: number;
    unanswered_today: number;
    service_level_permille: number | null;
    service_level_now_permille: number | null;
  })[];
  operators: (Operator & {
    call: {
      call: string;
      stage: CallStage;
      line: string;
      service: string;
      talk_warning: 'none' | 'soon' | 'over';
      supervision: Supervision | null;
    } | null;
    today: Today;
  })[];
  today: {
    offered: number;
    answered: number;
    unanswered: number;
    unanswered_by_cause: { cause: string; calls: number }[];
    mean_wait_ms: number | null;
    service_level_permille: number | null;
    service_level_now_permille: number | null;
  };
}

export interface Tick {
  script: string;
  step: string;
}

export interface ScriptStep {
  id: string;
  title: string;
  kind: 'greeting' | 'body' | 'closing';
  say: string;
  hint: string | null;
  /** The step that usually follows; nothing where the answer decides. */
  next: string | null;
  answers: { id: string; title: string; goto: string }[];
  fields: ScriptField[];
  do: 'file_complaint' | 'refer' | null;
}

export interface ScriptField {
  name: string;
  title: string;
  kind: 'text' | 'long_text' | 'number' | 'date' | 'phone' | 'email' | 'yes_no' | 'choice';
  required: boolean;
  /** `caller`, `service`, `heard.NODE`. */
  from: string | null;
  options: { id: string; title: string }[];
}

/** Another authority, to which a caller may be sent. */
export interface Body {
  id: string;
  title: string;
  competence: string;
  say: string;
  phone: string | null;
  site: string | null;
  address: string | null;
}

export interface Script {
  id: string;
  /** Nothing for a situation that any call may turn into. */
  service: string | null;
  version: string;
  title: string;
  situation: string;
  need: string;
  steps: ScriptStep[];
}

export interface Word {
  code: string;
  title: string;
}

export interface Pause extends Word {
  cap_min: number | null;
  shift_cap_min: number | null;
}

export interface Reasons {
  pauses: Pause[];
  not_ready: Word[];
  outcomes: Word[];
  needs: Word[];
  clients: Word[];
  chosen_by: Word[];
  assistant: Word[];
  unanswered: Word[];
}

/** What the knowledge base says. */
export interface Knowledge {
  articles: Article[];
  /** What was looked for, if the query was typed with another keyboard layout. */
  mended: string | null;
}

export interface Article {
  id: string;
  title: string;
  version: string;
  answers: Answer[];
}

export interface Answer {
  name: string;
  about: string;
  text: string;
  source: string;
  /** `soon`: for 30 days at most. */
  validity: 'valid' | 'soon' | 'not_yet' | 'expired';
  valid_from: string | null;
  valid_until: string | null;
}

export type TransferTo = { operator: string } | { queue: string } | { outside: string };

export type PhoneKey = 'pick_up' | 'decline' | 'hold' | 'resume' | 'mute' | 'unmute';

export type Command =
  | { command: 'sign_in' | 'sign_out' | 'ready' | 'finish_wrap_up' | 'extend_wrap_up' }
  | { command: 'not_ready'; reason: string }
  | { command: 'choose_service'; call: string; service: string }
  | { command: 'transfer'; call: string; to: TransferTo }
  | ({ command: 'disposition'; call: string } & Disposition)
  | { command: 'tick_step'; call: string; script: string; step: string; done: boolean }
  | { command: 'answer_step'; call: string; script: string; step: string; answer: string }
  | { command: 'own_words'; call: string; script: string; step: string }
  | { command: 'note_field'; call: string; field: string; value: string | null }
  | { command: 'refer'; call: string; body: string | null }
  | { command: 'write'; call: string; text: string }
  | { command: 'phone'; call: string; key: PhoneKey }
  | { command: 'read_message'; message: number }
  | { command: 'consult'; call: string; with: TransferTo }
  | { command: 'swap' | 'end_consultation' | 'complete_transfer' | 'conference'; call: string }
  | { command: 'hang_up'; call: string };
