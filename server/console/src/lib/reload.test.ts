import { describe, expect, it } from 'vitest';

import { changes, mistakes } from './reload';

const script = (id: string, version: string) => ({
  id,
  version,
  title: `Сценарий ${id}`,
  purpose: 'assistant',
  nodes: 3,
});

describe('a reload of the scripts', () => {
  it('shows which scripts have another version, and which are new', () => {
    const before = [script('a', '1'), script('b', '1')];
    const titles = [script('a', '2'), script('b', '1'), script('c', '1')];
    const after = titles.map(({ id, version }) => ({ id, version }));
    expect(changes(before, after, titles)).toEqual([
      { id: 'a', title: 'Сценарий a', before: '1', after: '2' },
      { id: 'c', title: 'Сценарий c', before: null, after: '1' },
    ]);
    expect(changes(titles, after, titles)).toEqual([]);
  });

  it('finds the mistakes of a refusal', () => {
    const mistake = { place: 'assistant/a.toml:3', reason: 'нет узла', remedy: 'добавьте' };
    expect(mistakes({ error: 'Ошибки', mistakes: [mistake] })).toEqual([mistake]);
    expect(mistakes({ error: 'Занято' })).toEqual([]);
    expect(mistakes(null)).toEqual([]);
  });
});
