// A week of calls as the exporter would have exported it, in OpenMetrics for promtool's back-fill: one sample a minute.
//
// Names, labels and their closed values are the catalogue's, each pair at 0 from the start. A series that never moves is
// written every fourth minute, within what Prometheus looks back: that changes no sum, and promtool has a third to read.

import { isOffered } from '../../../src/call/outcome/disposition.ts'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { type EndedCall, MINUTES_A_WEEK } from './officeWeek.ts'

export interface OfficeSeries {
  readonly instance: string
  readonly calls: readonly EndedCall[]
}

interface Family {
  readonly entry: { readonly name: string; readonly labels: Readonly<Record<string, readonly string[] | string>> }
  readonly labelsOf: (call: EndedCall) => Readonly<Record<string, string>>
  /** Which calls count; unset: all. */
  readonly counts?: (call: EndedCall) => boolean
}

const COUNTERS: readonly Family[] = [
  { entry: CATALOGUE.calls, labelsOf: ({ direction, disposition }) => ({ direction, disposition }) },
  {
    entry: CATALOGUE.callsOffered,
    labelsOf: ({ direction }) => ({ direction }),
    counts: ({ disposition, direction }) => isOffered(disposition, direction, true),
  },
  { entry: CATALOGUE.missedCalls, labelsOf: ({ direction, disposition }) => ({ direction, reason: disposition }) },
]

/** The text in pieces, in order; `startAt` is the epoch second of the week's first minute. */
export function* weekSeries(offices: readonly OfficeSeries[], startAt: number): Generator<string> {
  for (const name of ['up', CATALOGUE.up.name]) {
    yield `# TYPE ${name} gauge\n`
    for (const { instance } of offices) {
      yield still(`${name}{job="asterisk",instance="${instance}"}`, 1, startAt)
    }
  }
  for (const family of COUNTERS) {
    yield `# TYPE ${family.entry.name.replace(/_total$/, '')} counter\n`
    for (const office of offices) {
      yield* counterOf(family, office, startAt)
    }
  }
  yield '# EOF\n'
}

function* counterOf(family: Family, { instance, calls }: OfficeSeries, startAt: number): Generator<string> {
  const endings = new Map<string, number[]>()
  for (const call of family.counts === undefined ? calls : calls.filter(family.counts)) {
    const key = keyOf(family.labelsOf(call))
    endings.set(key, [...(endings.get(key) ?? []), call.endMinute])
  }
  for (const labels of everyPair(Object.entries(family.entry.labels))) {
    const key = keyOf(labels)
    const series = `${family.entry.name}{job="asterisk",instance="${instance}",${key}}`
    const minutes = endings.get(key)
    yield minutes === undefined ? still(series, 0, startAt) : moving(series, minutes, startAt)
  }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')
}

function everyPair(
  labels: readonly (readonly [string, readonly string[] | string])[],
): readonly Readonly<Record<string, string>>[] {
  const [first, ...rest] = labels
  if (first === undefined) {
    return [{}]
  }
  const [label, values] = first
  if (typeof values === 'string') {
    throw new Error(`the values of ${label} are no closed list`)
  }
  return values.flatMap((value) => everyPair(rest).map((others) => ({ [label]: value, ...others })))
}

function still(series: string, value: number, startAt: number): string {
  let text = ''
  for (let minute = 0; minute <= MINUTES_A_WEEK; minute += 4) {
    text += `${series} ${value} ${startAt + minute * 60}\n`
  }
  return text
}

function moving(series: string, endings: readonly number[], startAt: number): string {
  const perMinute = new Uint32Array(MINUTES_A_WEEK)
  for (const minute of endings) {
    perMinute[minute] = (perMinute[minute] ?? 0) + 1
  }
  let text = ''
  let value = 0
  for (const [minute, count] of perMinute.entries()) {
    value += count
    text += `${series} ${value} ${startAt + minute * 60}\n`
  }
  return text
}
