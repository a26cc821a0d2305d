import type { Call, Disposition, Script } from './types';

export type Length = 'fine' | 'soon' | 'over';

/** How long the talk is, hold included. */
export function talked(call: Call, now_ms: number): number {
  if (call.talk_ms !== null) return call.talk_ms;
  return call.talk_since_at_ms === null ? 0 : now_ms - call.talk_since_at_ms;
}

/** «Как правило, не должно превышать 10 минут»: reminded at 8, long after 10, never cut. */
export function length(call: Call, now_ms: number): Length {
  const ms = talked(call, now_ms);
  const [soon, over] = call.talk_limits_ms;
  if (ms > over) return 'over';
  return ms >= soon ? 'soon' : 'fine';
}

/** How long the caller has waited: grows until somebody answers. */
export function waited(call: Call, seen_at_ms: number, now_ms: number): number {
  const grows = call.waited.is_waiting ? Math.max(0, now_ms - seen_at_ms) : 0;
  return call.waited.total_ms + grows;
}

/** What the form shows: what was stated, else what was typed, else what is probable. */
export function draft(
  call: Call,
  script: Script | null,
  typed: Partial<Disposition>,
): { outcome: string; need: string; client: string | null } {
  const stated = call.disposition;
  return {
    outcome: typed.outcome ?? stated?.outcome ?? call.suggested_outcome,
    need: typed.need ?? stated?.need ?? script?.need ?? '1',
    client: typed.client !== undefined ? typed.client : (stated?.client ?? null),
  };
}

/** Whether the form says something that the server does not know yet. */
export function isUnsaved(call: Call, form: Disposition): boolean {
  const stated = call.disposition;
  return (
    stated === null ||
    stated.outcome !== form.outcome ||
    stated.need !== form.need ||
    stated.client !== form.client
  );
}
