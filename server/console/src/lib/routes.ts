import type { Right } from './office';
import type { Me } from './types';

/** What the menu keeps together. */
export const GROUPS = { work: 'Работа', shift: 'Смена', service: 'Служба' } as const;

type Group = keyof typeof GROUPS;

interface Page {
  /** The page's address after «#». */
  id: string;
  title: string;
  group: Group;
  /** Who may open it. */
  for: Right;
  /** Strokes of its picture, 24 × 24. */
  icon: string;
}

/** Every page of the console, in the order of the menu. The menu, the way from an address to a page
 * and the check of all pages for accessibility are made from this table: a page is added here, and
 * where `App.svelte` shows it. */
export const ROUTES = [
  {
    id: 'desk',
    title: 'Место',
    group: 'work',
    for: 'take_calls',
    icon: 'M4 15v-3a8 8 0 0 1 16 0v3M4 14h3v6H5a1 1 0 0 1-1-1zM20 14h-3v6h2a1 1 0 0 0 1-1z',
  },
  {
    id: 'cases',
    title: 'Обращения',
    group: 'work',
    for: 'take_calls',
    icon: 'M6 3h9l4 4v14H6zM9 9h3M9 13h7M9 17h7',
  },
  {
    id: 'training',
    title: 'Обучение',
    group: 'work',
    for: 'take_calls',
    icon: 'M2 9l10-5 10 5-10 5zM6 11v5c3 3 9 3 12 0v-5M22 9v6',
  },
  {
    id: 'board',
    title: 'Табло',
    group: 'shift',
    for: 'see_room',
    icon: 'M4 20V11M10 20V4M16 20v-7M21 20H3',
  },
  {
    id: 'floor',
    title: 'Зал',
    group: 'shift',
    for: 'manage_room',
    icon: 'M3 20v-2a4 4 0 0 1 4-4h3a4 4 0 0 1 4 4v2M8.5 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM17 8h4M17 12h4M17 16h4',
  },
  {
    id: 'owed',
    title: 'К разбору',
    group: 'shift',
    for: 'manage_room',
    icon: 'M9 11l3 3 8-9M20 12v8H4V4h11',
  },
  {
    id: 'team',
    title: 'Навыки',
    group: 'shift',
    for: 'manage_room',
    icon: 'M4 6h10M18 6h2M4 12h3M11 12h9M4 18h12M20 18h0M16 4v4M9 10v4M18 16v4',
  },
  {
    id: 'notifications',
    title: 'Уведомления',
    group: 'service',
    for: 'manage_room',
    icon: 'M3 6h18v13H3zM3 7l9 7 9-7',
  },
  {
    id: 'scripts',
    title: 'Сценарии',
    group: 'service',
    for: 'manage_room',
    icon: 'M4 4h7v5H4zM13 15h7v5h-7zM7.5 9v8.5H13',
  },
  {
    id: 'texts',
    title: 'Тексты',
    group: 'service',
    for: 'take_calls',
    icon: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13l2 2 4-4',
  },
  {
    id: 'people',
    title: 'Сотрудники',
    group: 'service',
    for: 'administer',
    icon: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-2a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v2M17 11a4 4 0 0 0 0-8M22 21v-2a5 5 0 0 0-4-4.9',
  },
  {
    id: 'audit',
    title: 'Журнал',
    group: 'service',
    for: 'administer',
    icon: 'M5 3h14v18H5zM9 8h6M9 12h6M9 16h3',
  },
] as const satisfies readonly Page[];

export type Route = (typeof ROUTES)[number];
export type RouteId = Route['id'];

/** The pages that this person may open. */
export function routes(who: Pick<Me, 'rights'>): Route[] {
  return ROUTES.filter((route) => who.rights.includes(route.for));
}

/** The page at an address; the first of their own, if there is none or it is another's. */
export function routeAt(hash: string, who: Pick<Me, 'rights'>): RouteId {
  const id = hash.replace(/^#/, '');
  const own = routes(who);
  return (own.find((route) => route.id === id) ?? own[0])?.id ?? 'desk';
}
