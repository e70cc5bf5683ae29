// The appearance of a panel for the linter: options, field configuration, thresholds, colours, links.
//
// Reads the fields of Grafana's JSON, and does not check them.

import { z } from 'zod'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Panel } from './board.ts'
import { readPromql } from './promql.ts'

const STEPS = z.array(z.object({ value: z.number().nullable(), color: z.string() }))
const THRESHOLDS = z.object({ steps: STEPS })
const RESULT = z.object({ text: z.string().optional(), color: z.string().optional() })
const MAPPINGS = z.array(
  z.union([
    z.object({ type: z.literal('value'), options: z.record(z.string(), RESULT) }),
    z.object({ type: z.literal('special'), options: z.object({ match: z.string(), result: RESULT }) }),
  ]),
)
const LINKS = z.array(z.object({ title: z.string(), url: z.string().optional() }))
const VALUES = z.object({
  links: LINKS.optional(),
  unit: z.string().optional(),
  decimals: z.number().optional(),
  noValue: z.string().optional(),
  color: z.object({ mode: z.string(), fixedColor: z.string().optional() }).optional(),
  thresholds: THRESHOLDS.optional(),
  mappings: MAPPINGS.optional(),
  max: z.number().optional(),
  'custom.cellOptions': z.object({ type: z.string() }).optional(),
  'custom.filterable': z.boolean().optional(),
  'custom.width': z.number().optional(),
  custom: z
    .object({
      drawStyle: z.string().optional(),
      fillOpacity: z.number().optional(),
      axisSoftMax: z.number().optional(),
      filterable: z.boolean().optional(),
      minWidth: z.number().optional(),
      stacking: z.object({ mode: z.string() }).optional(),
    })
    .optional(),
})
const OVERRIDES = z.array(
  z.object({
    matcher: z.object({ id: z.string(), options: z.unknown() }),
    properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
  }),
)
const OPTIONS = z.object({
  textMode: z.string().optional(),
  wideLayout: z.boolean().optional(),
  colorMode: z.string().optional(),
  orientation: z.string().optional(),
  text: z.object({ titleSize: z.number().optional(), valueSize: z.number().optional() }).optional(),
  sortBy: z.unknown().optional(),
  footer: z.unknown().optional(),
  legend: z
    .object({
      displayMode: z.string().optional(),
      placement: z.string().optional(),
      calcs: z.array(z.string()).optional(),
      sortBy: z.string().optional(),
      sortDesc: z.boolean().optional(),
    })
    .optional(),
})

type Values = z.infer<typeof VALUES>

/** The appearance of a panel. */
export interface Looks {
  readonly options: z.infer<typeof OPTIONS>
  readonly defaults: Values
  readonly overrides: readonly { readonly name: string; readonly values: Values }[]
  /** All lists of thresholds. */
  readonly thresholds: readonly z.infer<typeof STEPS>[]
  /** The colour of a 0 by the panel's thresholds. */
  readonly colorOfNone: string
  /** The colour of an unknown value. */
  readonly unknownColor: string | undefined
}

/** Reads a panel's JSON. Throws if a field has another type than Grafana's. */
export function looksOf({ options, fieldConfig }: Panel): Looks {
  const defaults = VALUES.parse(fieldConfig?.defaults ?? {})
  const overrides = OVERRIDES.parse(fieldConfig?.overrides ?? []).map(({ matcher, properties }) => ({
    name: String(matcher.options),
    values: VALUES.parse(Object.fromEntries(properties.map(({ id, value }) => [id, value]))),
  }))
  const thresholds = [defaults, ...overrides.map(({ values }) => values)].flatMap((values) => values.thresholds ?? [])
  const nothing = defaults.mappings?.flatMap((mapping) => (mapping.type === 'special' ? [mapping.options.result] : []))
  return {
    options: OPTIONS.parse(options ?? {}),
    defaults,
    overrides,
    thresholds: thresholds.map(({ steps }) => steps),
    colorOfNone: defaults.thresholds?.steps.findLast(({ value }) => (value ?? 0) <= 0)?.color ?? '',
    unknownColor: nothing?.[0]?.color,
  }
}

/** A link. */
export interface Link {
  readonly title: string
  readonly url: string
}

/** All links of the panel, its values and single columns. */
export function linksOfPanel(panel: Panel): readonly Link[] {
  const { defaults, overrides } = looksOf(panel)
  const own = LINKS.parse(panel['links'] ?? [])
  return [own, defaults.links ?? [], ...overrides.map(({ values }) => values.links ?? [])]
    .flat()
    .flatMap(({ title, url }) => (url === undefined ? [] : [{ title, url }]))
}

/** Fixed colours by the name of a series, or by the text of a mapped value. */
export function fixedColors({ defaults, overrides }: Looks): Readonly<Record<string, string>> {
  const words = [defaults, ...overrides.map(({ values }) => values)]
    .flatMap(({ mappings = [] }) => mappings)
    .flatMap((mapping) => (mapping.type === 'value' ? Object.values(mapping.options) : []))
    .flatMap(({ text, color }) => (text === undefined || color === undefined ? [] : [[text, color] as const]))
  const fixedColor = overrides.flatMap(({ name, values }) =>
    values.color?.fixedColor === undefined ? [] : [[name, values.color.fixedColor] as const],
  )
  return Object.fromEntries([...words, ...fixedColor])
}

/** Values of a label that an expression can return: those of the closed lists that match its selectors. */
export function seriesNames(expr: string, label: string): readonly string[] {
  const { selectors } = readPromql(expr)
  return [...new Set(selectors.flatMap(({ name, matchers }) => left(valuesOf(name, label), matchers, label)))]
}

// A recorded name contains the name of its metric; a closed list is an array in the catalogue.
function valuesOf(name: string, label: string): readonly string[] {
  return catalogueEntries().flatMap(([, entry]) => {
    const values = name.includes(entry.name.replace(/_total$/, '')) ? entry.labels[label] : undefined
    return Array.isArray(values) ? values : []
  })
}

function left(
  values: readonly string[],
  matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[],
  label: string,
): readonly string[] {
  return matchers
    .filter((matcher) => matcher.label === label && !matcher.value.startsWith('$'))
    .reduce((rest, { operator, value }) => {
      const wanted = new RegExp(`^(?:${value})$`)
      return rest.filter((each) => wanted.test(each) === operator.startsWith('='))
    }, values)
}
