import type { OperatorState, Word } from './types';

const STATES: Record<OperatorState, string> = {
  signed_out: 'Не на смене',
  not_ready: 'Не принимает',
  ready: 'Готов',
  ringing: 'Звонит телефон',
  connecting: 'Соединение',
  talking: 'Разговор',
  consulted: 'Консультирует',
  wrap_up: 'Оформление',
};

export function stateTitle(state: OperatorState): string {
  return STATES[state];
}

/** The Russian name of a word from a closed list; the word itself if the list does not know it. */
export function title(words: Word[] | undefined, code: string | null): string {
  if (code === null) return '';
  return words?.find((word) => word.code === code)?.title ?? code;
}

/** +79991234567 → +7 999 123-45-67; other numbers stay as they are. */
export function phone(number: string): string {
  const parts = /^\+?[78](\d{3})(\d{3})(\d{2})(\d{2})$/.exec(number);
  return parts ? `+7 ${parts[1]} ${parts[2]}-${parts[3]}-${parts[4]}` : number;
}
