// The address of the page: the place, the filters, the open call. Nothing else stores them.
//
// No I/O. Unknown parameters are ignored; a parameter that is missing has its default.

import { type Filters, filtersOf, filtersQuery } from './filters.ts'

/** The places of the page. A fleet has no queues and no trunks: their states are known to each exporter alone. */
export const PLACES = ['now', 'calls', 'missed', 'queues', 'people', 'trunks'] as const

export type PlaceName = (typeof PLACES)[number]

/** The page on a screen on the wall: large, without controls, one place after the other. */
export interface Wall {
  /** How long each place is shown. */
  readonly seconds: number
  /** Whether a sound tells that a caller was missed or waits too long. */
  readonly hasSound: boolean
}

export interface Address {
  readonly place: PlaceName
  /** Null: the page on a desk or a phone. */
  readonly wall: Wall | null
  readonly filters: Filters
  /** The open call: its row, or the id of its channel. */
  readonly call: string | null
}

/** The wall unless the address says more. */
export const WALL: Wall = { seconds: 15, hasSound: false }
const WALL_SECONDS = { least: 5, most: 600 }

/** Asterisk's limit for a channel id is 149. */
const MAX_ID_LENGTH = 150

/** What the query of the page's address says. */
export function addressOf(search: string): Address {
  const query = new URLSearchParams(search)
  return {
    place: PLACES.find((each) => each === query.get('place')) ?? placeOfFilters(query),
    wall: wallOf(query),
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
  const parts = [...(wall === null ? [] : wallTexts(wall)), query.toString()]
  return `?${parts.filter((part) => part !== '').join('&')}`
}

function wallOf(query: URLSearchParams): Wall | null {
  if (!query.has('wall')) {
    return null
  }
  const asked = Number(query.get('wall'))
  const { least, most } = WALL_SECONDS
  const seconds = Number.isInteger(asked) && asked > 0 ? Math.min(most, Math.max(least, asked)) : WALL.seconds
  return { seconds, hasSound: query.has('sound') }
}

function wallTexts({ seconds, hasSound }: Wall): readonly string[] {
  return [seconds === WALL.seconds ? 'wall' : `wall=${seconds}`, ...(hasSound ? ['sound'] : [])]
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
    (name) => !['site', 'period', 'from', 'to', 'call', 'wall', 'sound', 'place'].includes(name),
  )
  return isCalls ? 'calls' : 'now'
}
