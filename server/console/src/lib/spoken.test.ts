import { describe, expect, it } from 'vitest';
import { isSure, isTranscribed, spokenNote } from './spoken';
import type { Transcript } from './types';

const silent: Transcript = { depth: null, is_lost: false, lines: [] };
const line = { at_ms: 0, text: 'лицензия на лом', confidence_permille: 640 };

describe('what the caller says', () => {
  it('is not there where nobody listens', () => {
    expect(isTranscribed(silent)).toBe(false);
    expect(isTranscribed({ ...silent, depth: 'phrases' })).toBe(true);
    expect(isTranscribed({ ...silent, is_lost: true })).toBe(true);
    expect(isTranscribed({ ...silent, lines: [line] })).toBe(true);
  });

  it('is doubtful below seven of ten', () => {
    expect(isSure(line)).toBe(false);
    expect(isSure({ ...line, confidence_permille: 700 })).toBe(true);
  });

  it('comes with what may be expected of it', () => {
    expect(spokenNote({ ...silent, depth: 'words' })).toContain('автоматически');
    expect(spokenNote({ ...silent, depth: 'phrases' })).toContain('только фразы о деле');
    expect(spokenNote({ ...silent, depth: 'phrases', is_lost: true })).toContain('слушайте');
  });
});
