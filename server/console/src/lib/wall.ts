/** How a queue is, for whoever looks from afar. */
export function howIs(waiting: number, ready: number): 'calm' | 'busy' | 'alarm' {
  if (waiting === 0) return 'calm';
  return ready === 0 ? 'alarm' : 'busy';
}

/** Thousandths as a whole per cent, never 100 unless it is. */
export function levelOf(permille: number | null): string {
  return permille === null ? '—' : `${Math.floor(permille / 10)}\u00a0%`;
}
