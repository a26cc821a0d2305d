import type { SpokenLine, Transcript } from './types';

/** From here on, in thousandths, words are shown without doubt. */
const SURE_PERMILLE = 700;

/** Whether the recogniser is sure enough of an utterance. */
export function isSure(line: SpokenLine): boolean {
  return line.confidence_permille >= SURE_PERMILLE;
}

/** Whether there is anything to show of what the caller says. */
export function isTranscribed(transcript: Transcript): boolean {
  return transcript.depth !== null || transcript.is_lost || transcript.lines.length > 0;
}

/** What can be expected here, in one sentence. */
export function spokenNote(transcript: Transcript): string {
  if (transcript.is_lost) return 'Сейчас речь не распознаётся: слушайте клиента.';
  if (transcript.depth === 'words') return 'Распознаётся автоматически, бывают ошибки.';
  return 'Видны только фразы о деле: всё остальное эта модель речи не записывает.';
}
