// Trunks as the exporter would have exported them, in OpenMetrics for promtool's back-fill: one sample a minute.
//
// A value that stays is written every fourth minute, within what Prometheus looks back.

import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { TrunkMinute } from './voiceWeek.ts'

export interface OfficeTrunk {
  readonly instance: string
  readonly minutes: readonly TrunkMinute[]
}

interface Family {
  readonly name: string
  readonly kind: 'counter' | 'gauge'
  readonly labels: string
  readonly read: (minute: TrunkMinute) => number
}

const FAMILIES: readonly Family[] = [
  {
    name: CATALOGUE.trunkAttempts.name,
    kind: 'counter',
    labels: 'result="answered",direction="inbound"',
    read: ({ answered }) => answered,
  },
  {
    name: CATALOGUE.trunkCallsActive.name,
    kind: 'gauge',
    labels: 'direction="inbound"',
    read: ({ active }) => active,
  },
  ...(['one_way', 'loss'] as const).map((problem) => ({
    name: CATALOGUE.legsInTrouble.name,
    kind: 'counter' as const,
    labels: `problem="${problem}"`,
    read: ({ inTrouble }: TrunkMinute) => inTrouble[problem],
  })),
]

/** The text in pieces, in order; `startAt`: the epoch second of the first minute. */
export function* voiceSeries(trunks: readonly OfficeTrunk[], startAt: number): Generator<string> {
  let typed = ''
  for (const { name, kind, labels, read } of FAMILIES) {
    if (name !== typed) {
      yield `# TYPE ${name.replace(/_total$/, '')} ${kind}\n`
      typed = name
    }
    for (const { instance, minutes } of trunks) {
      const series = `${name}{job="asterisk",instance="${instance}",trunk="trunk-a",${labels}}`
      yield samples(series, valuesOf(minutes.map(read), kind), startAt)
    }
  }
  yield '# EOF\n'
}

function valuesOf(perMinute: readonly number[], kind: Family['kind']): readonly number[] {
  let sum = 0
  return kind === 'gauge' ? perMinute : perMinute.map((value) => (sum += value))
}

function samples(series: string, values: readonly number[], startAt: number): string {
  return values
    .map((value, minute) =>
      minute % 4 === 0 || value !== values[minute - 1] || value !== values[minute + 1]
        ? `${series} ${value} ${startAt + minute * 60}\n`
        : '',
    )
    .join('')
}
