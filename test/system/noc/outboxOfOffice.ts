// The outbox of the simulated office: its calls go to a central call log, which cannot be reached while the disk fails and some time after,
// and then refuses one entry.

import type { Metrics } from '../../../src/metrics/metrics.ts'
import type { OutboxState } from '../../../src/metrics/outboxMetrics.ts'

/** How many scrapes the central call log stays unreachable once the disk is back. */
const SCRAPES_CUT_OFF = 20

export interface OfficeOutbox {
  /** At each scrape: so many calls were written since the last one. */
  ship(metrics: Pick<Metrics, 'outbox'>, state: { readonly at: number; readonly written: number }): void
  cutOff(): void
  states(at: number): readonly OutboxState[]
}

export function createOfficeOutbox(): OfficeOutbox {
  let waiting = 0
  let since: number | null = null
  let cutOffFor = 0
  let wasCutOff = false
  return {
    ship({ outbox }, { at, written }) {
      waiting += written
      since ??= waiting > 0 ? at : null
      if (cutOffFor > 0) {
        cutOffFor -= 1
        outbox.failed('postgres', 'unreachable')
        return
      }
      const refused = wasCutOff && waiting > 0 ? 1 : 0
      wasCutOff &&= refused === 0
      outbox.shipped('postgres', waiting - refused)
      outbox.refused('postgres', refused)
      waiting = 0
      since = null
    },
    cutOff() {
      cutOffFor = SCRAPES_CUT_OFF
      wasCutOff = true
    },
    states: (at) => [
      { sink: 'postgres', rows: waiting, oldestSeconds: since === null ? 0 : Math.max(0, at - since) / 1000 },
    ],
  }
}
