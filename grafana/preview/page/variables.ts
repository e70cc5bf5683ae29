// Variables and macros of a board, replaced as Grafana does it.
//
// Only what the boards use: data sources, label_values, lists and text. Source: Grafana's manual, "Variable syntax".

import { dateTime, type RawTimeRange, rangeUtil, type TimeRange } from '@grafana/data'
import type { Board, BoardVariable, Panel } from './boardJson.ts'
import { labelValues } from './prometheus.ts'

/** The value of a variable; `all`: its value in queries when all are selected. */
export interface Chosen {
  readonly value: string | readonly string[]
  readonly text: string
  readonly all?: string
}

export type Variables = Readonly<Record<string, Chosen>>

/** `$__interval` and others, by name without the dollar sign. */
export type Macros = Readonly<Record<string, string>>

/** The scrape interval in seconds, as in the provisioned data source. */
const SCRAPE = 15

/** All variables of a board; `given` has selected values as `var-<name>`. */
export async function readVariables(board: Board, range: TimeRange, given: URLSearchParams): Promise<Variables> {
  const read: Record<string, Chosen> = {}
  for (const variable of board.templating.list) {
    const chosen = given.get(`var-${variable.name}`)
    if (chosen !== null) {
      read[variable.name] = { value: chosen, text: chosen }
    } else {
      read[variable.name] = await openingChoice(variable, range, read)
    }
  }
  return read
}

async function openingChoice(variable: BoardVariable, range: TimeRange, known: Variables): Promise<Chosen> {
  const { type, current, allValue } = variable
  const query = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '')
  if (type === 'query') {
    const [, selector = '', label = ''] = /^label_values\((.*),\s*(\w+)\)$/.exec(query) ?? []
    return { value: await labelValues(label, fillIn(selector, known), range), text: 'All', all: allValue }
  }
  const value = current?.value ?? query
  const text = String(current?.text ?? value)
  if (String(value) !== '$__all') {
    return { value, text }
  }
  return { value: query.split(',').map((each) => each.split(' : ').at(-1)?.trim() ?? each), text, all: allValue }
}

/** Replaces the known variables of a text. */
export function fillIn(text: string, variables: Variables, macros: Macros = {}): string {
  return text.replace(
    /\$\{(\w+)(?::([\w:]+))?\}|\$(\w+)/g,
    (whole, braced: string | undefined, format: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? ''
      const macro = macros[name]
      if (macro !== undefined) {
        return format?.startsWith('date') ? new Date(Number(macro)).toISOString() : macro
      }
      const chosen = variables[name]
      return chosen === undefined ? whole : written(name, chosen, format)
    },
  )
}

function written(name: string, { value, text, all }: Chosen, format: string | undefined): string {
  if (format === 'queryparam') {
    return `var-${name}=${encodeURIComponent(text)}`
  }
  if (all !== undefined) {
    return all
  }
  if (typeof value === 'string') {
    return value
  }
  return format === 'csv' ? value.join(',') : `(${value.join('|')})`
}

/** The time range of a panel: that of the board, or today so far. */
export function spanOf(panel: Panel, range: TimeRange): TimeRange {
  if (panel.timeFrom !== 'now/d') {
    return range
  }
  return { ...range, from: dateTime(range.to).utc().startOf('day') }
}

/** The time range of a board, such as `now-6h`, with the given end. */
export function boardSpan({ time }: Board, endSeconds: number): TimeRange {
  const to = dateTime(endSeconds * 1000)
  const ms = rangeUtil.intervalToMs(/^now-(\w+)$/.exec(time.from)?.[1] ?? '6h')
  const raw: RawTimeRange = time
  return { from: dateTime(to.valueOf() - ms), to, raw }
}

/** The values of Grafana's macros for a panel of that width in pixels, and the step of its queries. */
export function macrosOf(
  { interval, maxDataPoints }: Pick<Panel, 'interval' | 'maxDataPoints'>,
  range: TimeRange,
  width: number,
): { readonly macros: Macros; readonly stepMs: number } {
  const spanMs = range.to.valueOf() - range.from.valueOf()
  const least = interval === undefined ? SCRAPE * 1000 : rangeUtil.intervalToMs(interval)
  const stepMs = Math.max(least, rangeUtil.roundInterval(spanMs / (maxDataPoints ?? width)))
  const step = stepMs / 1000
  const span = Math.round(spanMs / 1000)
  return {
    stepMs,
    macros: {
      __interval: `${step}s`,
      __rate_interval: `${Math.max(step + SCRAPE, 4 * SCRAPE)}s`,
      __range: `${span}s`,
      __range_s: String(span),
      __from: String(range.from.valueOf()),
      __to: String(range.to.valueOf()),
    },
  }
}
