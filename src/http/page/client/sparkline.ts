// Small drawings in a tile or a card: the hours of a day as a line, and a bar that is full at a limit.
//
// The style stretches them to the width of what they are in.

import { busiestHour, type Hours, linesOf } from './dayFigures.ts'
import { svg } from './dom.ts'

export interface Sparkline {
  readonly element: SVGElement
  /** `text`: says the same to whoever does not see it. `most`: the value at the top; without it, the largest. */
  show(hours: Hours, text: string, most?: number): void
}

const [WIDTH, HEIGHT] = [120, 28]
const HOURS = 24

/** `text`: what it says while there is nothing to draw. */
export function createSparkline(text: string): Sparkline {
  const area = svg('path', { class: 'area' })
  const line = svg('path', { class: 'line' })
  const end = svg('path', { class: 'end' })
  const ground = svg('path', { class: 'ground', d: `M0 ${HEIGHT - 1}H${WIDTH}` })
  const element = svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': text,
    },
    ...[ground, area, line, end],
  )
  let drawn = ''
  return {
    element,
    show(hours, nextText, most = busiestHour(hours)?.value ?? 0) {
      element.setAttribute('aria-label', nextText)
      const lines = linesOf(hours, most).map((points) => points.map(placeOf))
      const path = lines.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`).join('')
      if (path === drawn) {
        return
      }
      drawn = path
      line.setAttribute('d', path)
      const areas = lines.map((points) => {
        const [from = 0, to = 0] = [points[0]?.[0], points.at(-1)?.[0]]
        return `M${from} ${HEIGHT}L${points.map(([x, y]) => `${x} ${y}`).join('L')}L${to} ${HEIGHT}Z`
      })
      area.setAttribute('d', areas.join(''))
      const last = lines.at(-1)?.at(-1)
      // A line without length is a dot, which is round although the drawing is stretched.
      end.setAttribute('d', last === undefined ? '' : `M${last.join(' ')}h0`)
    },
  }
}

// In the box of the drawing, with room for the line at the top and at the bottom.
function placeOf([x, y]: readonly [x: number, y: number]): readonly [x: number, y: number] {
  const round = (value: number): number => Math.round(value * 10) / 10
  return [round((x / HOURS) * WIDTH), round(2 + y * (HEIGHT - 4))]
}

/** A part of a bar: what it is, and how many. */
export type Part = readonly [name: string, count: number]

export interface Meter {
  readonly element: SVGElement
  /** The parts one after the other; `whole`: how many fill the bar. The text beside it says the same. */
  show(parts: readonly Part[], whole: number): void
}

export function createMeter(): Meter {
  const element = svg('svg', {
    ...{ class: 'meter', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
  })
  const rects = new Map<string, SVGRectElement>()
  return {
    element,
    show(parts, whole) {
      let x = 0
      for (const rect of rects.values()) {
        rect.setAttribute('width', '0')
      }
      for (const [name, count] of parts) {
        const rect = rects.get(name) ?? svg('rect', { class: name, height: '1' })
        if (!rects.has(name)) {
          rects.set(name, rect)
          element.append(rect)
        }
        const width = whole === 0 ? 0 : Math.min(100 - x, (count / whole) * 100)
        rect.setAttribute('x', x.toFixed(1))
        rect.setAttribute('width', width.toFixed(1))
        x += width
      }
    },
  }
}
