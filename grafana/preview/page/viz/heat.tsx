// Heatmaps, similar to Grafana's, whose panel is on no package registry.
//
// The colours are the same, the geometry is similar.

import { type DataFrame, formattedValueToString } from '@grafana/data'
import type { Options } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen'
import { interpolateOranges } from 'd3-scale-chromatic'
import { useEffect, useRef } from 'react'
import { Nothing } from './nothing.tsx'
import { AXIS_HEIGHT, TimeAxis } from './timeAxis.tsx'
import { optionsOf, type VizProps } from './viz.ts'

const LEFT = 70
const LEGEND_HEIGHT = 30
const EMPTY = 1e-9
const MANY_ROWS = 14

export function Heat({ panel, frames, width, height, range, theme }: VizProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const shown = withoutEmptyEnds(frames)
  const size = { width: width - LEFT, height: height - AXIS_HEIGHT - LEGEND_HEIGHT }
  const exponent = optionsOf<Options>(panel).color?.exponent ?? 0.5
  const most = Math.max(...shown.flatMap(valuesOf))
  const colorOf = (value: number) => interpolateOranges(1 - (value / most) ** exponent)
  const rowHeight = size.height / shown.length
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) {
      return
    }
    const [from, span] = [range.from.valueOf(), range.to.valueOf() - range.from.valueOf()]
    shown.forEach((frame, row) => {
      const { values: times, config } = frame.fields[0] ?? { values: [], config: {} }
      const step = config.interval ?? 60_000
      valuesOf(frame).forEach((value, index) => {
        if (value <= EMPTY) {
          return
        }
        context.fillStyle = colorOf(value)
        const x = ((times[index] - step - from) / span) * size.width
        context.fillRect(x, size.height - (row + 1) * rowHeight, (step / span) * size.width - 1, rowHeight - 1)
      })
    })
  })
  if (shown.length === 0) {
    return <Nothing panel={panel} height={height} />
  }
  return (
    <div style={{ width, height, position: 'relative', fontSize: 12 }}>
      {shown.map((frame, row) => (
        <BucketName key={boundOf(frame)} frame={frame} top={size.height - (row + 1) * rowHeight - 8}>
          {shown.length < MANY_ROWS || row % 2 === 0}
        </BucketName>
      ))}
      <canvas ref={canvas} {...size} style={{ marginLeft: LEFT, display: 'block' }} />
      <TimeAxis range={range} left={LEFT} width={size.width} theme={theme} />
      <div style={{ marginLeft: LEFT, height: 12, width: 200, background: scaleOf(colorOf, most) }} />
    </div>
  )
}

function BucketName({
  frame,
  top,
  children,
}: {
  readonly frame: DataFrame
  readonly top: number
  readonly children: boolean
}) {
  const shown = frame.fields[1]?.display?.(Number(boundOf(frame)))
  if (!children || shown === undefined) {
    return null
  }
  return (
    <div style={{ position: 'absolute', width: LEFT - 8, textAlign: 'right', top }}>
      {formattedValueToString(shown)}
    </div>
  )
}

const valuesOf = (frame: DataFrame): number[] => frame.fields[1]?.values ?? []

const boundOf = (frame: DataFrame): string => frame.fields[1]?.labels?.['le'] ?? ''

function withoutEmptyEnds(frames: DataFrame[]): readonly DataFrame[] {
  const isFull = (frame: DataFrame) => valuesOf(frame).some((value) => value > EMPTY)
  const last = frames.findLastIndex(isFull)
  return last < 0 ? [] : frames.slice(frames.findIndex(isFull), last + 1)
}

function scaleOf(colorOf: (value: number) => string, most: number): string {
  return `linear-gradient(to right, ${[0.02, 0.25, 0.5, 0.75, 1].map((share) => colorOf(most * share)).join(',')})`
}
