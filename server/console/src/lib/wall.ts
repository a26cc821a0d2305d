/** How a queue is, for whoever looks from afar. */
export function howIs(waiting: number, ready: number): 'calm' | 'busy' | 'alarm' {
  if (waiting === 0) return 'calm';
  return ready === 0 ? 'alarm' : 'busy';
}

/** The token of a screen, from its page's address: `#` and 64 hexadecimal digits. */
export function tokenOf(hash: string): string | null {
  return /^#[0-9a-f]{64}$/.test(hash) ? hash.slice(1) : null;
}

/** Thousandths as a whole per cent, never 100 unless it is. */
export function levelOf(permille: number | null): string {
  return permille === null ? '—' : `${Math.floor(permille / 10)}\u00a0%`;
}
