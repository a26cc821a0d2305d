import type { AssistantScript, Body, Knowledge, Me, Reasons, Script, Trial } from './types';

/** The server said no; the text is for the screen. */
export class Refused extends Error {
  constructor(
    text: string,
    readonly status: number,
    /** What the server sent with it. */
    readonly body: unknown = null,
  ) {
    super(text);
  }
}

const OFFLINE = 'Нет связи с сервером. Проверьте сеть';

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, credentials: 'same-origin' };
  if (body !== undefined) {
    init.headers = { 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init).catch(() => {
    throw new Refused(OFFLINE, 0);
  });
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const error = (answer as { error?: string } | null)?.error;
    throw new Refused(error ?? `Ошибка сервера (${response.status})`, response.status, answer);
  }
  return answer as T;
}

export const me = () => ask<Me>('GET', '/api/v1/me');
export const signIn = (login: string, password: string) =>
  ask<Me>('POST', '/api/v1/session', { login, password });
export const signOut = () => ask<void>('DELETE', '/api/v1/session');
export const reasons = () => ask<Reasons>('GET', '/api/v1/reasons');
export const script = (service: string) =>
  ask<Script>('GET', `/api/v1/operator-scripts/${encodeURIComponent(service)}`);
export const situations = (service: string) =>
  ask<Script[]>('GET', `/api/v1/operator-situations?service=${encodeURIComponent(service)}`);
export const bodies = (query: string) =>
  ask<{ bodies: Body[] }>('GET', `/api/v1/bodies?q=${encodeURIComponent(query)}`);
export const knowledge = (query: string, service: string | null) => {
  const asked = new URLSearchParams(query ? { q: query } : service ? { service } : {});
  return ask<Knowledge>('GET', `/api/v1/knowledge?${asked}`);
};
export const assistantScripts = () => ask<AssistantScript[]>('GET', '/api/v1/scripts');
export const scriptPicture = (script: string) =>
  `/api/v1/scripts/${encodeURIComponent(script)}/picture`;
export const trial = (script: string, lines: string[]) =>
  ask<Trial>('POST', `/api/v1/scripts/${encodeURIComponent(script)}/trial`, { lines });
