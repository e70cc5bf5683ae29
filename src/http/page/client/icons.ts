// The icons of the page, drawn as lines of the colour of the text beside them, which says the same: screen readers skip them.

import { svg } from './dom.ts'

/** Paths in a square of 24. */
const PATHS = {
  now: 'M3 12h4l3-8 4 16 3-8h4',
  calls: 'M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3',
  missed: 'M4 5l8 8 8-8M20 10V5h-5M3 19c5-3 13-3 18 0',
  queues: 'M4 6h16M4 12h11M4 18h6',
  people: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 4-6 8-6s8 2 8 6',
  auto: 'M4 5h16v11H4zM9 20h6M12 16v4',
  light:
    'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5',
  inbound: 'M19 5L6 18M6 8v10h10',
  outbound: 'M5 19L18 6M8 6h10v10',
  internal: 'M4 9h15l-4-4M20 15H5l4 4',
  transit: 'M3 12h17M14 6l6 6-6 6',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  trunks: 'M7 4v16M17 4v16M7 8h10M7 16h10',
  link: 'M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1',
  filters: 'M3 5h18l-7 8v6l-4 2v-8z',
  views: 'M6 3h12v18l-6-5-6 5z',
} as const

export type IconName = keyof typeof PATHS

export function icon(name: IconName): SVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: PATHS[name] }))
}
