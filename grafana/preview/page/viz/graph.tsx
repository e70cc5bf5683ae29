// Time series panels, drawn by Grafana's own component; the marks of annotations are drawn here.
//
// No tooltips, no exemplars.

import type { OptionsWithLegend } from '@grafana/schema'
import { TimeSeries, type UPlotConfigBuilder } from '@grafana/ui'
import type uPlot from 'uplot'
import { Nothing } from './nothing.tsx'
import { type Mark, optionsOf, type VizProps } from './viz.ts'

export function Graph({ panel, frames, width, height, range, marks }: VizProps) {
  if (frames.length === 0) {
    return <Nothing panel={panel} height={height} />
  }
  const options = optionsOf<OptionsWithLegend>(panel)
  const marked = new WeakSet<UPlotConfigBuilder>()
  return (
    <TimeSeries
      frames={frames}
      width={width}
      height={height}
      timeRange={range}
      timeZone="utc"
      legend={options.legend}
      options={{ ...options }}
    >
      {(builder) => {
        if (!marked.has(builder)) {
          marked.add(builder)
          builder.addHook('draw', (plot: uPlot) => drawMarks(plot, marks))
        }
        return null
      }}
    </TimeSeries>
  )
}

function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  for (const { from, to, color } of marks) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true))
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true))
    const isSpan = to > from
    ctx.fillStyle = `${color}1a`
    if (isSpan) {
      ctx.fillRect(left, bbox.top, right - left, bbox.height)
    }
    ctx.strokeStyle = color
    ctx.fillStyle = color
    ctx.lineWidth = 2
    ctx.setLineDash([5, 5])
    for (const x of isSpan ? [left, right] : [left]) {
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.fillRect(isSpan ? left : left - 4, bbox.top + bbox.height, Math.max(8, right - left), 4)
  }
  ctx.restore()
}
