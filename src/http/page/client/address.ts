// The address of the page: the place, the filters, the open call. Nothing else stores them.
//
// No I/O. Unknown parameters are ignored; a parameter that is missing has its default.

import { type Filters, filtersOf, filtersQuery } from './filters.ts'

/** The places of the page. A fleet has no queues and no trunks: their states are known to each exporter alone. */
export const PLACES = ['now', 'calls', 'missed', 'queues', 'people', 'trunks'] as const

export type PlaceName = (typeof PLACES)[number]

export interface Address {
  readonly place: PlaceName
  /** For a screen on the wall: large, without controls, one place after the other. */
  readonly wall: boolean
  readonly filters: Filters
  /** The open call: its row, or the id of its channel. */
  readonly call: string | null
}

/** Asterisk's limit for a channel id is 149. */
const MAX_ID_LENGTH = 150

/** What the query of the page's address says. */
export function addressOf(search: string): Address {
  const query = new URLSearchParams(search)
  return {
    place: PLACES.find((each) => each === query.get('place')) ?? placeOfFilters(query),
    wall: query.has('wall'),
    filters: filtersOf(search),
    call: callOf(search),
  }
}

/** The address, relative to the page; contains only what is not the default. */
export function textOf({ place, wall, filters, call }: Address): string {
  const query = new URLSearchParams()
  if (place !== 'now') {
    query.set('place', place)
  }
  for (const [name, value] of filtersQuery(filters)) {
    query.set(name, value)
  }
  if (place === 'now' && placeOfFilters(query) !== 'now') {
    query.set('place', place)
  }
  if (call !== null) {
    query.set('call', call)
  }
  const text = query.toString()
  return wall ? `?wall${text === '' ? '' : `&${text}`}` : `?${text}`
}

/** The call in the query or the fragment of an address (`?call=…`, `#call=…`): its row, or the id of its channel. */
export function callOf(part: string): string | null {
  const id = new URLSearchParams(part.replace(/^#/, '')).get('call') ?? ''
  // `/api/calls/active` is not a call.
  return id === '' || id.length > MAX_ID_LENGTH || id === 'active' ? null : id
}

// Addresses without a place that filter calls, such as links of older versions, mean the list of calls.
function placeOfFilters(query: URLSearchParams): PlaceName {
  const isCalls = [...query.keys()].some(
    (name) => !['site', 'period', 'from', 'to', 'call', 'wall', 'place'].includes(name),
  )
  return isCalls ? 'calls' : 'now'
}
