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

const TIME = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit' });
const DAY_AND_TIME = new Intl.DateTimeFormat('ru', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const WEEKDAY = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', weekday: 'short', timeZone: 'UTC' });
const RULES = new Intl.PluralRules('ru');
const SHARE = new Intl.NumberFormat('ru', { style: 'percent', maximumFractionDigits: 0 });
const NUMBER = new Intl.NumberFormat('ru');

/** The local time of day. */
export function clock(at_ms: number): string {
  return TIME.format(at_ms);
}

/** «22 нояб., 07:41» here. */
export function dayAndTime(at_ms: number): string {
  return DAY_AND_TIME.format(at_ms);
}

/** 2026-11-23 → «23 ноября, пн»; what is no date stays as it is. */
export function day(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  const parts = new Map(WEEKDAY.formatToParts(at).map((part) => [part.type, part.value]));
  return `${parts.get('day')} ${parts.get('month')}, ${parts.get('weekday')}`;
}

/** 1 звонок, 2 звонка, 5 звонков. */
export function plural(n: number, one: string, few: string, many: string): string {
  const form = RULES.select(n);
  if (form === 'one') return one;
  return form === 'few' ? few : many;
}

/** 12345 → «12 345». */
export function number(n: number): string {
  return NUMBER.format(n);
}

/** 1 of 5 → «20 %»; a dash of nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '—' : SHARE.format(part / whole);
}
