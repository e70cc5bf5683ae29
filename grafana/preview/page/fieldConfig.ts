// Applies field options to frames with Grafana's own code, and the defaults of its panel plugins.
//
// The plugins are on no package registry, so their defaults are copied here. Source: Grafana's manual and its JSON model.

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  type DataFrame,
  FieldColorModeId,
  type FieldConfig,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
  type ThresholdsConfig,
  ThresholdsMode,
} from '@grafana/data'
import type { Panel } from './boardJson.ts'

const GRAPH = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: 'none',
  barAlignment: 0,
  barWidthFactor: 0.6,
  showPoints: 'auto',
  pointSize: 5,
  stacking: { mode: 'none', group: 'A' },
  axisPlacement: 'auto',
  axisColorMode: 'text',
  axisBorderShow: false,
  scaleDistribution: { type: 'linear' },
  axisCenteredZero: false,
  hideFrom: { tooltip: false, viz: false, legend: false },
  thresholdsStyle: { mode: 'off' },
  spanNulls: false,
  insertNulls: false,
  axisLabel: '',
}

const BY_THRESHOLDS: FieldConfig = { color: { mode: FieldColorModeId.Thresholds } }

/** The defaults of a kind of panel. */
const DEFAULTS: Readonly<Record<string, FieldConfig>> = {
  timeseries: { color: { mode: FieldColorModeId.PaletteClassic }, custom: GRAPH },
  'state-timeline': {
    color: { mode: FieldColorModeId.ContinuousGrYlRd },
    custom: { lineWidth: 0, fillOpacity: 70 },
  },
  table: {
    ...BY_THRESHOLDS,
    custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false, footer: { reducers: [] } },
  },
}

const STEPS: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: 'green' },
    { value: 80, color: 'red' },
  ],
}

const STANDARD: readonly string[] = [
  'unit',
  'min',
  'max',
  'decimals',
  'displayName',
  'noValue',
  'mappings',
  'thresholds',
  'color',
  'links',
  'fieldMinMax',
  'actions',
]

const CUSTOM: ReadonlySet<string> = new Set([
  ...Object.keys(GRAPH),
  'axisSoftMax',
  'axisSoftMin',
  'cellOptions',
  'width',
  'minWidth',
  'align',
  'inspect',
  'filterable',
  'lineStyle',
  'fillBelowTo',
  'wrapText',
  'footer',
  'hidden',
])

const registry = new FieldConfigOptionsRegistry(() => [
  ...STANDARD.map((id) => property({ id, path: id })),
  ...[...CUSTOM].map((id) => property({ id: `custom.${id}`, path: id, isCustom: true })),
])

function property(face: { id: string; path: string; isCustom?: boolean }): FieldConfigPropertyItem {
  const editor = () => null
  return { ...face, name: face.id, editor, override: editor, process: (value) => value, shouldApply: () => true }
}

/** The field options of a panel, over the defaults of its kind. */
export function fieldConfigOf({ type, fieldConfig }: Panel): FieldConfigSource {
  const kind = DEFAULTS[type] ?? BY_THRESHOLDS
  const own = fieldConfig?.defaults ?? {}
  const thresholds = fromBelow(own.thresholds ?? STEPS)
  const overrides = (fieldConfig?.overrides ?? []).map((override) => ({
    ...override,
    properties: override.properties.map(({ id, value }) => ({
      id,
      value: id === 'thresholds' ? fromBelow(value) : value,
    })),
  }))
  const defaults = { mappings: [], ...kind, ...own, thresholds, custom: { ...kind.custom, ...own.custom } }
  return { defaults, overrides }
}

// In JSON the lowest step has no value.
function fromBelow(config: ThresholdsConfig): ThresholdsConfig {
  const steps = config.steps.map((step) => ({ ...step, value: step.value ?? Number.NEGATIVE_INFINITY }))
  return { ...config, steps }
}

/** The frames with names, units, colours and links. */
export function configured(
  frames: DataFrame[],
  fieldConfig: FieldConfigSource,
  { theme, replaceVariables }: { readonly theme: GrafanaTheme2; readonly replaceVariables: InterpolateFunction },
): DataFrame[] {
  const made = applyFieldOverrides({
    data: frames,
    fieldConfig,
    fieldConfigRegistry: registry,
    replaceVariables,
    theme,
    timeZone: 'utc',
  })
  cacheFieldDisplayNames(made)
  return made
}
