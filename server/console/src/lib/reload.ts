import { ask, Refused } from './api';
import type { AssistantScript } from './types';

/** Why scripts are not used. */
export interface Mistake {
  place: string | null;
  reason: string;
  remedy: string;
}

export interface Version {
  id: string;
  version: string;
}

export interface Change {
  id: string;
  title: string;
  /** None for a script that was not there. */
  before: string | null;
  after: string;
}

export type Reloaded =
  | { is: 'done'; versions: Version[] }
  | { is: 'refused'; text: string; mistakes: Mistake[] };

/** Reads the scripts folder anew; takes seconds. */
export async function reload(): Promise<Reloaded> {
  try {
    return { is: 'done', versions: await ask<Version[]>('POST', '/api/v1/scripts/reload') };
  } catch (reason) {
    if (!(reason instanceof Refused)) throw reason;
    return { is: 'refused', text: reason.message, mistakes: mistakes(reason.body) };
  }
}

/** The mistakes that a refusal names; none if it is about something else. */
export function mistakes(body: unknown): Mistake[] {
  const named = (body as { mistakes?: unknown } | null)?.mistakes;
  return Array.isArray(named) ? (named as Mistake[]) : [];
}

/** What a reload changed: scripts with another version, and new ones. */
export function changes(before: AssistantScript[], after: Version[], titles: AssistantScript[]): Change[] {
  const known = new Map(before.map((one) => [one.id, one.version]));
  const title = new Map(titles.map((one) => [one.id, one.title]));
  return after
    .filter((one) => known.get(one.id) !== one.version)
    .map((one) => ({
      id: one.id,
      title: title.get(one.id) ?? one.id,
      before: known.get(one.id) ?? null,
      after: one.version,
    }));
}
