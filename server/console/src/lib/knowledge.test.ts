import { expect, test } from 'vitest';
import { day, Latest } from './knowledge';

test('days are written as people write them', () => {
  expect(day('2026-12-31')).toBe('31.12.2026');
  expect(day(null)).toBe('');
});

test('an answer that was overtaken does not count', async () => {
  const ready = new Map<string, (text: string) => void>();
  const latest = new Latest<string>((query) => new Promise((done) => ready.set(query, done)));
  const first = latest.ask('док', null);
  const second = latest.ask('документы', null);
  ready.get('документы')?.('новое');
  ready.get('док')?.('старое');
  expect(await second).toBe('новое');
  expect(await first).toBeNull();
});

test('the failure of an overtaken question is nobody’s', async () => {
  const broken = new Map<string, (why: Error) => void>();
  const latest = new Latest<string>((query) => new Promise((_, fail) => broken.set(query, fail)));
  const first = latest.ask('a', null);
  latest.forget();
  broken.get('a')?.(new Error('offline'));
  expect(await first).toBeNull();
  const second = latest.ask('b', null);
  broken.get('b')?.(new Error('offline'));
  await expect(second).rejects.toThrow('offline');
});
