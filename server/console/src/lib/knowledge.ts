import { ask } from './api';

/** «2026-12-31» → «31.12.2026». */
export function day(date: string | null): string {
  return date ? date.split('-').reverse().join('.') : '';
}

/** An answer that expired, or will within 30 days. */
export interface Expiring {
  name: string;
  file: string | null;
  topic: string;
  about: string;
  until: string;
  is_expired: boolean;
}

export const expiring = () => ask<Expiring[]>('GET', '/api/v1/knowledge/expiring');

/** Asks while somebody types: of answers that overtake each other only the newest question's counts. */
export class Latest<T> {
  #asked = 0;

  constructor(private readonly look: (query: string, service: string | null) => Promise<T>) {}

  /** The answer, or null if something else was asked meanwhile. */
  async ask(query: string, service: string | null): Promise<T | null> {
    const own = ++this.#asked;
    try {
      const found = await this.look(query, service);
      return own === this.#asked ? found : null;
    } catch (reason) {
      if (own === this.#asked) throw reason;
      return null;
    }
  }

  /** What is under way is not wanted any more. */
  forget(): void {
    this.#asked++;
  }
}
