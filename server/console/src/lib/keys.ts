/** When a key works: the heads of the list on «?». */
export const WHEN = {
  always: 'Всегда',
  ringing: 'Звонит телефон',
  talking: 'Разговор',
  closing: 'Итог и оформление',
  cases: 'Обращения',
} as const;

interface Key {
  /** The key by its place (`KeyboardEvent.code`), so that any layout does. */
  code: string;
  with: readonly ('alt' | 'ctrl' | 'shift')[];
  does: string;
  when: keyof typeof WHEN;
}

/** Every key of the console. Handlers are made from this table by `keys`, labels of buttons by
 * `hint`, the list on «?» by `Help.svelte`: none of them can say what another does not. Letters are
 * taken with Alt only, which types nothing: no text field loses a letter. */
export const KEYS = {
  help: { code: 'Slash', with: ['alt'], does: 'Открыть этот список', when: 'always' },
  turn: { code: 'KeyR', with: ['alt'], does: 'Принимать звонки — уйти на паузу', when: 'always' },
  pause: { code: 'KeyP', with: ['alt'], does: 'Выбрать вид перерыва', when: 'always' },
  knowledge: { code: 'KeyB', with: ['alt'], does: 'Искать в базе знаний', when: 'always' },
  menu: { code: 'Digit0', with: ['alt'], does: 'Перейти к разделам', when: 'always' },
  answer: { code: 'KeyA', with: ['alt'], does: 'Ответить', when: 'ringing' },
  decline: { code: 'KeyX', with: ['alt'], does: 'Отклонить: звонок пойдёт другому', when: 'ringing' },
  mute: { code: 'KeyM', with: ['alt'], does: 'Выключить и включить микрофон', when: 'talking' },
  hold: { code: 'KeyH', with: ['alt'], does: 'Удержание и возврат к разговору', when: 'talking' },
  pad: { code: 'KeyK', with: ['alt'], does: 'Тоновый набор', when: 'talking' },
  step: { code: 'KeyN', with: ['alt'], does: 'Отметить шаг сценария и перейти к следующему', when: 'talking' },
  service: { code: 'KeyS', with: ['alt'], does: 'Поставить подсказанную услугу', when: 'talking' },
  transfer: { code: 'KeyT', with: ['alt'], does: 'Посоветоваться или перевести звонок', when: 'talking' },
  swap: { code: 'KeyJ', with: ['alt'], does: 'Консультация: поменять клиента и собеседника', when: 'talking' },
  back: { code: 'KeyU', with: ['alt'], does: 'Консультация: вернуться к клиенту', when: 'talking' },
  connect: { code: 'KeyC', with: ['alt'], does: 'Консультация: соединить клиента и собеседника', when: 'talking' },
  conference: { code: 'KeyG', with: ['alt'], does: 'Консультация: говорить всем вместе', when: 'talking' },
  hang_up: { code: 'KeyQ', with: ['alt'], does: 'Завершить разговор', when: 'talking' },
  outcome: { code: 'KeyO', with: ['alt'], does: 'Перейти к итогу разговора', when: 'closing' },
  save: { code: 'Enter', with: ['ctrl'], does: 'Сохранить итог, завершить оформление', when: 'closing' },
  extend: { code: 'KeyE', with: ['alt'], does: 'Ещё время на оформление', when: 'closing' },
  book: { code: 'Digit1', with: ['alt'], does: 'Записать на приём', when: 'cases' },
  change: { code: 'Digit2', with: ['alt'], does: 'Перенести или отменить запись', when: 'cases' },
  complaint: { code: 'Digit3', with: ['alt'], does: 'Принять жалобу', when: 'cases' },
  callback: { code: 'Digit4', with: ['alt'], does: 'Заказать обратный звонок', when: 'cases' },
  status: { code: 'Digit5', with: ['alt'], does: 'Узнать о ходе рассмотрения', when: 'cases' },
} as const satisfies Record<string, Key>;

export type KeyId = keyof typeof KEYS;

/** What is done by a key; `false` if it has nothing to do now and goes on to the browser. */
export type Actions = Partial<Record<KeyId, () => unknown>>;

type Press = Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'shiftKey' | 'metaKey'>;

const PARTS = { alt: 'Alt', ctrl: 'Ctrl', shift: 'Shift' } as const;
const PLACES: Record<string, string> = { Slash: '/' };

/** Which key of the table this is. */
export function pressed(event: Press): KeyId | null {
  for (const id of Object.keys(KEYS) as KeyId[]) {
    const key: Key = KEYS[id];
    const fits =
      key.code === event.code &&
      key.with.includes('alt') === event.altKey &&
      key.with.includes('ctrl') === event.ctrlKey &&
      key.with.includes('shift') === event.shiftKey;
    if (fits && !event.metaKey) return id;
  }
  return null;
}

/** A handler of key presses: `<svelte:window onkeydown={keys({ answer })} />`. A key that is held
 * down acts once. */
export function keys(actions: Actions): (event: KeyboardEvent) => void {
  return (event) => {
    const id = pressed(event);
    const action = id === null ? undefined : actions[id];
    if (!action || event.defaultPrevented) return;
    if (event.repeat || action() !== false) event.preventDefault();
  };
}

/** What is written on a keyboard: «Alt», «R». */
export function caps(id: KeyId): string[] {
  const key: Key = KEYS[id];
  const place = PLACES[key.code] ?? key.code.replace(/^(Key|Digit)/, '');
  return [...key.with.map((part) => PARTS[part]), place];
}

/** For a button that does the same: its tooltip, and the key for a screen reader. */
export function hint(id: KeyId): { title: string; 'aria-keyshortcuts': string } {
  return { title: caps(id).join('+'), 'aria-keyshortcuts': caps(id).join('+') };
}

/** Whether letters typed here are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type);
}
