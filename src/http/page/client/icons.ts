// The icons of the page, drawn as lines of the colour of the text beside them, which says the same: screen readers skip them.

import { svg } from './dom.ts'

/** Paths in a square of 24. */
const PATHS = {
  now: 'M3 12h4l3-8 4 16 3-8h4',
  calls: 'M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3',
  missed: 'M4 5l8 8 8-8M20 10V5h-5M3 19c5-3 13-3 18 0',
  queues: 'M4 6h16M4 12h11M4 18h6',
  people: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 4-6 8-6s8 2 8 6',
  trunks: 'M7 4v16M17 4v16M7 8h10M7 16h10',
} as const

export type IconName = keyof typeof PATHS

export function icon(name: IconName): SVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: PATHS[name] }))
}
