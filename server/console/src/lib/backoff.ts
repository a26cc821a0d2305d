/** How long to wait before the nth attempt to connect again, ms: soon, then ever more patiently,
 * and not all desks at the same moment. `chance` is 0–1. */
export function backoff(attempt: number, chance: number): number {
  const longest = Math.min(10_000, 500 * 2 ** Math.max(0, attempt - 1));
  return Math.round(longest * (0.5 + chance / 2));
}
