// Which phones and trunks the PBX can reach: follows endpoint events as call/ follows channel events.
//
// No I/O, and deterministic. A state is valid only while the exporter is connected: after a loss every state is `unknown` until the
// next snapshot, so that no alert fires because of an outdated state.

/** `unknown`: the PBX does not monitor it, or the exporter is disconnected. */
export type EndpointState = 'online' | 'offline' | 'unknown'

/** An endpoint as configured in the PBX; `endpoint` is its bare name (`102`, `trunk-a`). */
export interface Endpoint {
  readonly endpoint: string
  readonly technology: string
  readonly state: EndpointState
  /** The last state that the PBX reported; kept while disconnected. */
  readonly lastState: EndpointState
  /** Round trip of the last qualify, milliseconds; null when the PBX does not report it. */
  readonly roundTripMs: number | null
}

interface Described {
  readonly technology: string
  readonly resource: string
  readonly state: EndpointState
}

/** The events that describe endpoints. */
export type EndpointEvent =
  | { readonly type: 'EndpointChanged'; readonly endpoint: Described }
  | { readonly type: 'ContactChanged'; readonly endpoint: Described; readonly roundTripMs?: number }
  | { readonly type: 'SnapshotTaken'; readonly endpoints: readonly Described[] }
  | { readonly type: 'ConnectionLost' }

export interface Endpoints {
  apply(event: EndpointEvent): void
  /** In the order they became known. */
  all(): Iterable<Endpoint>
}

/** More endpoints than any PBX is configured with. */
const MAX_ENDPOINTS = 50_000

/** `maxEndpoints`: when so many are known, new ones are ignored until the next snapshot; 50,000 by default. */
export function trackEndpoints({ maxEndpoints = MAX_ENDPOINTS } = {}): Endpoints {
  const known = new Map<string, Endpoint>()

  function put(described: Described, roundTripMs: number | undefined): void {
    const { technology, resource, state } = described
    // Local endpoints connect places of the dialplan; they are never on or off.
    if (technology === 'Local') {
      return
    }
    const key = `${technology}/${resource}`
    if (known.size >= maxEndpoints && !known.has(key)) {
      return
    }
    const before = known.get(key)?.roundTripMs ?? null
    known.set(key, {
      endpoint: resource,
      technology,
      state,
      lastState: state,
      roundTripMs: roundTripMs ?? (state === 'online' ? before : null),
    })
  }

  return {
    apply(event) {
      switch (event.type) {
        case 'EndpointChanged':
          return put(event.endpoint, undefined)
        case 'ContactChanged':
          return put(event.endpoint, event.roundTripMs)
        case 'SnapshotTaken': {
          known.clear()
          for (const endpoint of event.endpoints) {
            put(endpoint, undefined)
          }
          return
        }
        case 'ConnectionLost': {
          for (const [key, endpoint] of known) {
            known.set(key, { ...endpoint, state: 'unknown', roundTripMs: null })
          }
          return
        }
      }
    },
    all: () => known.values(),
  }
}
