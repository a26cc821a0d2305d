/** 65 s → «1:05», 3665 s → «1:01:05»; never negative. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(s / 60) % 60;
  const hours = Math.floor(s / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** What is left until a moment, rounded up, so that a countdown ends at 0:00 and not before. */
export function left(until_ms: number, now_ms: number): number {
  return Math.max(0, Math.ceil((until_ms - now_ms) / 1000) * 1000);
}

/** The local time of day. */
export function clock(at_ms: number): string {
  return new Date(at_ms).toLocaleTimeString('ru-RU', { hour: '2-digit', minute: '2-digit' });
}

/** 1 звонок, 2 звонка, 5 звонков. */
export function plural(n: number, one: string, few: string, many: string): string {
  const tens = n % 100;
  const ones = n % 10;
  if (tens >= 11 && tens <= 14) return many;
  if (ones === 1) return one;
  return ones >= 2 && ones <= 4 ? few : many;
}
