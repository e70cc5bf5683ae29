// Which places the wall pages through, and which parts of a place that is taller than the screen. No I/O.

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

/** Top and bottom of something that is not cut in two where that can be avoided: a row, a tile. In pixels, from the top of the place. */
export interface Block {
  readonly top: number
  readonly bottom: number
}

/** What of a place is seen: from `top`, whose first `covered` pixels are behind a heading that stays, `height` pixels of `total`. */
export interface ShownPart {
  readonly top: number
  readonly height: number
  readonly total: number
  readonly covered: number
}

/** Where the next part of a place begins: with the first block that is not wholly seen. Null: its end is seen. */
export function nextPart(blocks: readonly Block[], { top, height, total, covered }: ShownPart): number | null {
  const end = top + height
  if (total <= end + 1) {
    return null
  }
  const cut = blocks.filter(({ bottom }) => bottom > end + 1).map((block) => block.top)
  const next = Math.min(...cut, end) - covered
  // A block that is taller than the screen.
  return next > top ? next : end - covered
}
