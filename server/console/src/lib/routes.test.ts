import { expect, test } from 'vitest';

import { routeAt, routes, ROUTES } from './routes';

const operator = { rights: ['take_calls' as const] };
const supervisor = { rights: ['take_calls' as const, 'see_room' as const, 'manage_room' as const] };
const analyst = { rights: ['see_room' as const] };

test('an operator sees the pages of an operator', () => {
  expect(routes(operator).map((route) => route.id)).toEqual(['desk', 'cases', 'training', 'texts']);
  expect(routes(supervisor).map((route) => route.id)).toContain('board');
  expect(routes(supervisor).map((route) => route.id)).not.toContain('audit');
  expect(routes(analyst).map((route) => route.id)).toEqual(['board']);
});

test('an address that is nobody’s, or another’s, is the desk', () => {
  expect(routeAt('', operator)).toBe('desk');
  expect(routeAt('#cases', operator)).toBe('cases');
  expect(routeAt('#board', operator)).toBe('desk');
  expect(routeAt('#board', supervisor)).toBe('board');
  expect(routeAt('#content', supervisor)).toBe('desk');
  expect(routeAt('#desk', analyst)).toBe('board');
});

test('no page has the address of another', () => {
  expect(new Set(ROUTES.map((route) => route.id)).size).toBe(ROUTES.length);
});
