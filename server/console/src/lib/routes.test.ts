import { expect, test } from 'vitest';

import { routeAt, routes, ROUTES } from './routes';

const operator = { is_supervisor: false };
const supervisor = { is_supervisor: true };

test('an operator sees the pages of an operator', () => {
  expect(routes(operator).map((route) => route.id)).toEqual(['desk', 'cases']);
  expect(routes(supervisor)).toHaveLength(ROUTES.length);
});

test('an address that is nobody’s, or another’s, is the desk', () => {
  expect(routeAt('', operator)).toBe('desk');
  expect(routeAt('#cases', operator)).toBe('cases');
  expect(routeAt('#board', operator)).toBe('desk');
  expect(routeAt('#board', supervisor)).toBe('board');
  expect(routeAt('#content', supervisor)).toBe('desk');
});

test('no page has the address of another', () => {
  expect(new Set(ROUTES.map((route) => route.id)).size).toBe(ROUTES.length);
});
