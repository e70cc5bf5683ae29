// A bar that shows a share of a whole. The text beside it says the same, so that screen readers skip it.

import { svg } from './dom.ts'

export interface Bar {
  readonly element: SVGElement
  /** `share`: of 1; more fills it. `level`: what the colour says. */
  set(share: number, level: string): void
}

const WIDTH = 100

export function createBar(): Bar {
  const fill = svg('rect', { class: 'fill', height: '1', width: '0' })
  const ground = svg('rect', { class: 'ground', height: '1', width: String(WIDTH) })
  const element = svg(
    'svg',
    { class: 'share-bar', viewBox: `0 0 ${WIDTH} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...[ground, fill],
  )
  return {
    element,
    set(share, level) {
      const width = String(Math.round(Math.min(1, Math.max(0, share)) * WIDTH * 10) / 10)
      if (fill.getAttribute('width') !== width) {
        fill.setAttribute('width', width)
      }
      element.dataset['level'] = level
    },
  }
}
