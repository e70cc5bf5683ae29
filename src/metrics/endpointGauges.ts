// The gauges of the endpoints: how many are in which state, and which of them is online.
//
// An endpoint whose state Asterisk does not know has no series. Endpoints beyond the limit share the series `other`.

import type { EndpointRole } from '../call/fact.ts'
import type { LabelLimiter } from './cardinality.ts'
import { ENDPOINT_ROLES, ENDPOINT_STATES, type EndpointState } from './catalogue/labelValues.ts'
import type { Instruments } from './registry.ts'

/** An endpoint as the gauges need it. */
export interface KnownEndpoint {
  readonly endpoint: string
  readonly role: EndpointRole
  readonly state: EndpointState
  /** Last state that Asterisk reported; kept while disconnected. Defaults to `state`. */
  readonly lastState?: EndpointState
  /** Of the last qualify; null or absent when Asterisk does not report one. */
  readonly roundTripMs?: number | null
}

/** Sets the gauges of endpoints. */
export function setEndpoints(instruments: Instruments, limiter: LabelLimiter, known: readonly KnownEndpoint[]): void {
  for (const role of ENDPOINT_ROLES) {
    for (const state of ENDPOINT_STATES) {
      const count = known.filter((each) => each.role === role && each.state === state).length
      instruments.setGauge('endpoints', { role, state }, count)
    }
  }
  const watched = known.filter(({ state }) => state !== 'unknown')
  const shown = limiter.forScrape(watched.map(({ endpoint }) => endpoint))
  instruments.clearGauge('endpointUp')
  // Offline endpoints come last, so that one of them is enough to set a shared `other` to 0.
  for (const state of ['online', 'offline']) {
    for (const each of watched) {
      if (each.state !== state) {
        continue
      }
      instruments.setGauge(
        'endpointUp',
        { endpoint: shown(each.endpoint), role: each.role },
        state === 'online' ? 1 : 0,
      )
    }
  }
  setRoundTrips(instruments, shown, watched)
}

function setRoundTrips(
  instruments: Instruments,
  shown: (name: string) => string,
  watched: readonly KnownEndpoint[],
): void {
  instruments.clearGauge('endpointRoundTrip')
  const measured = watched.flatMap((each) =>
    each.roundTripMs == null ? [] : [{ ...each, roundTripMs: each.roundTripMs }],
  )
  // The longest comes last, so that a shared `other` shows it.
  for (const { endpoint, role, roundTripMs } of measured.sort((one, other) => one.roundTripMs - other.roundTripMs)) {
    instruments.setGauge('endpointRoundTrip', { endpoint: shown(endpoint), role }, roundTripMs / 1000)
  }
}
