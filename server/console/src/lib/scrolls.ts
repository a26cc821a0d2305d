/** For a box that scrolls by itself: whoever has no mouse reaches it with Tab, and hears what it is.
 * A list stays a list. */
export function scrolls(name: string, role: 'region' | 'log' | null = 'region') {
  return { role, tabindex: 0, 'aria-label': name } as const;
}
