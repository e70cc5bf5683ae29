// Which places the wall pages through. No I/O.

import type { PlaceName } from './address.ts'

/** The places that are of use from afar. */
const OF_WALL: readonly PlaceName[] = ['now', 'missed', 'queues', 'people']

/** Those of these places that the wall shows. */
export function pagesOf(places: readonly PlaceName[]): readonly PlaceName[] {
  return places.filter((place) => OF_WALL.includes(place))
}

/** The place after this one; the first one after a place that is none of them. */
export function nextPlace(pages: readonly PlaceName[], shown: PlaceName): PlaceName {
  return pages[(pages.indexOf(shown) + 1) % pages.length] ?? 'now'
}
