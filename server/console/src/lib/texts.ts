import { ask, Refused } from './api';

export interface TextFile {
  file: string;
  title: string | null;
  version: string | null;
  digest: string;
  is_changed_on_disk: boolean;
  text: string | null;
}

export interface Proposal {
  id: number;
  file: string;
  author: string;
  note: string;
  at_ms: number;
  state: 'waiting' | 'approved' | 'rejected';
  decided_by: string | null;
  decided_at_ms: number | null;
  why: string | null;
  is_own: boolean;
  may_approve: boolean;
  digest: string;
}

export interface Texts {
  files: TextFile[];
  proposals: Proposal[];
}

export interface TextFinding {
  line: number;
  text: string;
  is_error: boolean;
}

export interface ProposalTexts {
  proposal: Proposal;
  text: string;
  before: string;
  is_stale: boolean;
  findings: TextFinding[];
}

const DOOR = '/api/v1/script-texts';

export const texts = (file?: string) =>
  ask<Texts>('GET', file ? `${DOOR}?file=${encodeURIComponent(file)}` : DOOR);
export const lint = (file: string, text: string) => ask<TextFinding[]>('POST', `${DOOR}/lint`, { file, text });
export const propose = (draft: { file: string; text: string; base: string | null; note: string }) =>
  ask<void>('POST', `${DOOR}/proposals`, draft);
export const proposal = (id: number) => ask<ProposalTexts>('GET', `${DOOR}/proposals/${id}`);
export const approve = (id: number) => ask<void>('POST', `${DOOR}/proposals/${id}/approve`);
export const reject = (id: number, why: string) =>
  ask<void>('POST', `${DOOR}/proposals/${id}/reject`, { why });

/** What the server found in a text that it did not take. */
export function findingsOf(reason: unknown): TextFinding[] {
  if (!(reason instanceof Refused)) return [];
  return (reason.body as { findings?: TextFinding[] } | null)?.findings ?? [];
}

const FOLDERS: Record<string, string> = {
  operator: 'Сценарии операторов',
  knowledge: 'База знаний',
  directory: 'Справочник органов',
};

/** Files by their folder, named for people. */
export function groups(files: TextFile[]): { title: string; files: TextFile[] }[] {
  return Object.entries(FOLDERS)
    .map(([folder, title]) => ({ title, files: files.filter((one) => one.file.startsWith(`${folder}/`)) }))
    .filter((group) => group.files.length > 0);
}

/** The next version: of today, the first or the one after today's last; others as they are. */
export function nextVersion(version: string, today: string): string {
  const known = /^(\d{4}-\d{2}-\d{2})\.(\d+)$/.exec(version);
  if (!known) return version;
  return known[1] === today ? `${today}.${Number(known[2]) + 1}` : `${today}.1`;
}

/** The text with its next version, if it is written as ours are. */
export function renewed(text: string, today: string): string {
  return text.replace(/^(version = ")([^"]+)(")/m, (_, head: string, version: string, end: string) => {
    return head + nextVersion(version, today) + end;
  });
}
