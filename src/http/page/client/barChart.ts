// The chart of stacked bars, drawn by uPlot. Loaded after the first paint.
//
// Imports nothing that the page itself has, so that the page stays one script; what it needs is given to it.

import uPlot from 'uplot'

export interface Bars {
  /** When each bar begins, in seconds, and for how long. */
  readonly starts: readonly number[]
  readonly seconds: number
  /** The parts of the bars, from the bottom. */
  readonly parts: readonly (readonly number[])[]
}

export interface BarChartOptions {
  readonly parent: HTMLElement
  /** Elements whose background is the colour of each part, and whose text is the colour of its edge. */
  readonly keys: readonly HTMLElement[]
  /** The text of an instant at the axis, in seconds. */
  readonly timeText: (at: number, stepSeconds: number) => string
  readonly countText: (count: number) => string
  /** The pointer is on a bar; null: on none. */
  readonly onPoint: (index: number | null) => void
  /** Dragged from an instant to another, in seconds. */
  readonly onDrag: (from: number, to: number) => void
}

export interface BarChart {
  show(bars: Bars): void
  /** Colours or sizes changed. */
  redraw(): void
}

/** An empty chart in `parent`. */
export function createBarChart(options: BarChartOptions): BarChart {
  const { parent } = options
  let bars: Bars = { starts: [], seconds: 3600, parts: options.keys.map(() => []) }
  const chart = new uPlot(
    plotOptions(options, () => bars),
    dataOf(bars),
    parent,
  )
  return {
    show(next) {
      bars = next
      chart.setData(dataOf(next))
    },
    redraw() {
      chart.setSize({ width: parent.clientWidth, height: parent.clientHeight })
      chart.redraw(false)
    },
  }
}

/** The highest sum is drawn first, and the others over it. */
function dataOf({ starts, parts }: Bars): uPlot.AlignedData {
  const sums = parts.map((_, index) =>
    starts.map((_start, bar) => parts.slice(0, index + 1).reduce((sum, part) => sum + (part[bar] ?? 0), 0)),
  )
  return [[...starts], ...sums.toReversed()]
}

function plotOptions(
  { parent, keys, timeText, countText, onPoint, onDrag }: BarChartOptions,
  bars: () => Bars,
): uPlot.Options {
  const text = (): string => getComputedStyle(parent).color
  const line = (): string => getComputedStyle(parent).borderTopColor
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '13px system-ui, sans-serif',
  }
  const draw = uPlot.paths.bars?.({ size: [0.86], align: 1 })
  return {
    width: parent.clientWidth,
    height: parent.clientHeight,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: true, range: () => rangeOf(bars()) },
      y: { range: (_chart, _least, most) => [0, Math.max(4, Math.ceil((most ?? 0) * 1.05))] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        space: 72,
        incrs: () => STEPS.filter((step) => step >= bars().seconds),
        values: (_chart, splits, _axis, _space, step) => splits.map((at) => timeText(at, step)),
      },
      { ...axis, size: 48, space: 20, incrs: WHOLE, values: (_chart, splits) => splits.map(countText) },
    ],
    series: [
      {},
      ...keys.toReversed().map((key) => ({
        fill: () => getComputedStyle(key).backgroundColor,
        stroke: () => getComputedStyle(key).color,
        width: 1,
        points: { show: false },
        ...(draw !== undefined && { paths: draw }),
      })),
    ],
    hooks: {
      setCursor: [(chart) => onPoint(barAt(chart, bars()))],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select
          if (width > 0) {
            onDrag(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          }
        },
      ],
    },
  }
}

/** Of the axis of time, in seconds: no bar is shorter than an hour. */
const STEPS = [1, 2, 3, 6, 12, 24, 48, 120, 240, 360, 720, 2160, 8760].map((hours) => hours * 3600)
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]

function rangeOf({ starts, seconds }: Bars): [number, number] {
  const first = starts[0] ?? 0
  return [first, (starts.at(-1) ?? first) + seconds]
}

function barAt({ cursor, posToVal }: uPlot, { starts, seconds }: Bars): number | null {
  if (cursor.left === undefined || cursor.left < 0) {
    return null
  }
  const at = posToVal(cursor.left, 'x')
  const index = starts.findLastIndex((start) => start <= at)
  const start = starts[index]
  return start === undefined || at >= start + seconds ? null : index
}
