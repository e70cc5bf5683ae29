// The time axis of state timelines and heatmaps. Not Grafana's.

import type { GrafanaTheme2, TimeRange } from '@grafana/data'

const MINUTE = 60_000
const STEPS: readonly number[] = [5, 10, 15, 30, 60, 120, 180, 240, 360]

/** Its height in pixels. */
export const AXIS_HEIGHT = 18

interface AxisProps {
  readonly range: TimeRange
  readonly left: number
  readonly width: number
  readonly theme: GrafanaTheme2
}

export function TimeAxis({ range, left, width, theme }: AxisProps) {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()]
  const step = (STEPS.find((minutes) => ((to - from) / (minutes * MINUTE)) * 70 < width) ?? 360) * MINUTE
  const ticks = Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, n) => (Math.ceil(from / step) + n) * step,
  )
  return (
    <div
      style={{
        position: 'relative',
        height: AXIS_HEIGHT,
        marginLeft: left,
        fontSize: 12,
        color: theme.colors.text.primary,
      }}
    >
      {ticks
        .filter((tick) => tick < to)
        .map((tick) => (
          <span
            key={tick}
            style={{ position: 'absolute', transform: 'translateX(-50%)', left: ((tick - from) / (to - from)) * width }}
          >
            {new Date(tick).toISOString().slice(11, 16)}
          </span>
        ))}
    </div>
  )
}
