// Queues as the exporter would have exported them, in OpenMetrics for promtool's back-fill: one sample a minute.
//
// A value that stays is written every fourth minute, within what Prometheus looks back.

import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { AGENT_STATES } from '../../../src/staffing/agent.ts'
import type { QueueMinute } from './staffingWeek.ts'

export interface OfficeQueue {
  readonly instance: string
  readonly minutes: readonly QueueMinute[]
}

/** The text in pieces, in order; `startAt`: the epoch second of the first minute. */
export function* staffingSeries(offices: readonly OfficeQueue[], startAt: number): Generator<string> {
  const labels = (instance: string) => `job="asterisk",instance="${instance}",queue="sales"`
  yield `# TYPE ${CATALOGUE.queueWaiting.name} gauge\n`
  for (const { instance, minutes } of offices) {
    const series = `${CATALOGUE.queueWaiting.name}{${labels(instance)}}`
    yield samples(
      series,
      minutes.map(({ waiting }) => waiting),
      startAt,
    )
  }
  yield `# TYPE ${CATALOGUE.queueAgents.name} gauge\n`
  for (const { instance, minutes } of offices) {
    for (const state of AGENT_STATES) {
      const values = minutes.map((minute) => (state === 'ringing' || state === 'wrapup' ? 0 : minute[state]))
      yield samples(`${CATALOGUE.queueAgents.name}{${labels(instance)},state="${state}"}`, values, startAt)
    }
  }
  yield '# EOF\n'
}

function samples(series: string, values: readonly number[], startAt: number): string {
  return values
    .map((value, minute) =>
      minute % 4 === 0 || value !== values[minute - 1] ? `${series} ${value} ${startAt + minute * 60}\n` : '',
    )
    .join('')
}
