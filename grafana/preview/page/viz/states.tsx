// State timelines, similar to Grafana's, whose panel is on no package registry.
//
// Colours and texts come from Grafana's field options; consecutive equal states are one band.

import {
  type DataFrame,
  type Field,
  FieldType,
  formattedValueToString,
  type GrafanaTheme2,
  getFieldDisplayName,
  type TimeRange,
} from '@grafana/data'
import type { Options } from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen'
import { Nothing } from './nothing.tsx'
import { AXIS_HEIGHT, TimeAxis } from './timeAxis.tsx'
import { optionsOf, type VizProps } from './viz.ts'

interface Stretch {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly color: string
}

interface StateRow {
  readonly name: string
  readonly stretches: readonly Stretch[]
}

const LEGEND_HEIGHT = 24
const PAGER_HEIGHT = 28

export function States({ panel, frames, fieldConfig, width, height, range, theme }: VizProps) {
  const options = optionsOf<Options>(panel)
  const all = rowsOf(frames)
  const perPage = options.perPage ?? 20
  const pages = Math.ceil(all.length / perPage)
  const rows = all.slice(0, perPage)
  if (rows.length === 0) {
    return <Nothing panel={panel} height={height} />
  }
  const left = Math.min(Math.max(...rows.map(({ name }) => widthOf(name))) + 12, width * 0.4)
  const legendHeight = options.legend.showLegend ? LEGEND_HEIGHT : 0
  const rowHeight = (height - AXIS_HEIGHT - legendHeight - (pages > 1 ? PAGER_HEIGHT : 0)) / rows.length
  const opacity = (fieldConfig.defaults.custom?.fillOpacity ?? 70) / 100
  return (
    <div style={{ width, height, overflow: 'hidden' }}>
      {rows.map(({ name, stretches }) => (
        <div key={name} style={{ height: rowHeight, display: 'flex', alignItems: 'center', fontSize: 12 }}>
          <div style={{ width: left, textAlign: 'right', paddingRight: 8, overflow: 'hidden', whiteSpace: 'nowrap' }}>
            {name}
          </div>
          <div style={{ position: 'relative', height: rowHeight * options.rowHeight, width: width - left, opacity }}>
            {stretches.map((stretch) => (
              <Band key={stretch.from} stretch={stretch} range={range} />
            ))}
          </div>
        </div>
      ))}
      <TimeAxis range={range} left={left} width={width - left} theme={theme} />
      {legendHeight > 0 && <Legend stretches={rows.flatMap(({ stretches }) => stretches)} theme={theme} />}
      {pages > 1 && (
        <div style={{ textAlign: 'center', fontSize: 12, color: theme.colors.text.secondary }}>
          ‹ {Array.from({ length: pages }, (_, page) => page + 1).join('  ')} ›
        </div>
      )}
    </div>
  )
}

function Band({ stretch, range }: { readonly stretch: Stretch; readonly range: TimeRange }) {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()]
  const [begin, end] = [Math.max(stretch.from, from), Math.min(stretch.to, to)]
  const percent = (ms: number) => `${(ms / (to - from)) * 100}%`
  return (
    <div
      style={{
        position: 'absolute',
        top: 0,
        bottom: 0,
        left: percent(begin - from),
        width: percent(end - begin),
        background: stretch.color,
      }}
    />
  )
}

function Legend({ stretches, theme }: { readonly stretches: readonly Stretch[]; readonly theme: GrafanaTheme2 }) {
  const words = new Map(stretches.map(({ text, color }) => [text, color]))
  return (
    <div style={{ fontSize: 12, display: 'flex', gap: 12, color: theme.colors.text.primary }}>
      {[...words].map(([text, background]) => (
        <span key={text} style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
          <i style={{ width: 14, height: 4, borderRadius: 2, background }} />
          {text}
        </span>
      ))}
    </div>
  )
}

function rowsOf(frames: DataFrame[]): readonly StateRow[] {
  return frames.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => ({
        name: getFieldDisplayName(field, frame, frames),
        stretches: stretchesOf(
          field,
          frame.fields.find(({ type }) => type === FieldType.time),
        ),
      })),
  )
}

function stretchesOf(field: Field, time: Field | undefined): readonly Stretch[] {
  const step = time?.config.interval ?? 60_000
  const made: Stretch[] = []
  field.values.forEach((value: number | null, index) => {
    if (value === null || Number.isNaN(value)) {
      return
    }
    const shown = field.display?.(value)
    if (shown === undefined) {
      return
    }
    const from: number = time?.values[index]
    const stretch = { from, to: from + step, text: formattedValueToString(shown), color: shown.color ?? 'grey' }
    const last = made.at(-1)
    if (last?.text === stretch.text && last.to >= from - step / 2) {
      made[made.length - 1] = { ...last, to: stretch.to }
    } else {
      made.push(stretch)
    }
  })
  return made
}

function widthOf(text: string): number {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) {
    return 0
  }
  context.font = '12px Inter'
  return context.measureText(text).width
}
