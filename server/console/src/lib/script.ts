import { day } from './cases';
import type { Call, Script, ScriptField, ScriptStep } from './types';
import { phone } from './words';

type Done = Pick<Call, 'steps' | 'answers'>;

/** Whether a step is ticked. Whoever greeted has greeted, whichever script was open. */
export function isTicked(call: Done, script: Script, step: ScriptStep): boolean {
  return call.steps.some(
    (tick) => tick.step === step.id && (tick.script === script.id || step.kind === 'greeting'),
  );
}

/** The answer that was taken at a step. */
export function answered(call: Done, script: Script, step: ScriptStep): string | null {
  const taken = call.answers.find((one) => one.script === script.id && one.step === step.id);
  return taken?.answer ?? null;
}

/** The steps of the way taken so far; it ends where the caller's answer decides and is missing. */
export function way(call: Done, script: Script): ScriptStep[] {
  const steps: ScriptStep[] = [];
  let here = script.steps[0];
  while (here && !steps.includes(here)) {
    steps.push(here);
    const taken = answered(call, script, here);
    const goto = here.answers.find((one) => one.id === taken)?.goto ?? here.next;
    here = script.steps.find((step) => step.id === goto);
  }
  return steps;
}

/** The step to say now: the first of the way that is not ticked after the last ticked one, else any. */
export function currentStep(call: Done, script: Script): ScriptStep | null {
  const steps = way(call, script);
  const last = steps.findLastIndex((step) => isTicked(call, script, step));
  const after = steps.slice(last + 1).find((step) => !isTicked(call, script, step));
  return after ?? steps.find((step) => !isTicked(call, script, step)) ?? null;
}

/** What is known beforehand: the caller's number, the service, what the assistant heard. */
export function known(call: Call, field: ScriptField): string {
  if (field.from === 'caller') return call.caller ?? '';
  if (field.from === 'service') return call.service.title;
  const node = field.from?.startsWith('heard.') ? field.from.slice('heard.'.length) : null;
  const heard = call.heard.findLast((one) => one.step === node && one.is_accepted && one.text);
  return heard?.text ?? '';
}

/** A value as it is read aloud. */
export function aloud(field: ScriptField, value: string): string {
  switch (field.kind) {
    case 'choice':
      return field.options.find((one) => one.id === value)?.title ?? value;
    case 'yes_no':
      return value === 'yes' ? 'да' : 'нет';
    case 'date':
      return day(value);
    case 'phone':
      return phone(value);
    case 'text':
    case 'long_text':
    case 'number':
    case 'email':
      return value;
  }
}

/** The words of a step with what was written down: `{field.name}`. */
export function words(script: Script, text: string, fields: Record<string, string>): string {
  const all = script.steps.flatMap((step) => step.fields);
  return text.replace(/\{field\.([a-z0-9_]+)\}/g, (_, name: string) => {
    const field = all.find((one) => one.name === name);
    const value = fields[name];
    return field && value ? aloud(field, value) : '(не указано)';
  });
}

/** Required fields of the way taken that are empty. */
export function missing(call: Call, script: Script): ScriptField[] {
  const fields = way(call, script).flatMap((step) => step.fields);
  return fields.filter((field) => field.required && !call.fields[field.name]);
}

/** +7…, as the server spells numbers. */
export function dialled(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (digits.length === 11 && /^[78]/.test(digits)) return `+7${digits.slice(1)}`;
  return digits.length === 10 ? `+7${digits}` : text.trim().startsWith('+') ? `+${digits}` : digits;
}
