// Paging: one caller's application dials many phones, and Asterisk names no caller in their dial events.
//
// Page and whatever else dials through Asterisk's dial API: the channels that it makes belong to the caller whose application names
// their devices and whose number they show. Source: app_page, main/dial.c; recorded traffic (test/traces).

import type { Channel } from './channel.ts'
import type { Page, World } from './world.ts'

/** Who pages this channel; null when nobody does, or when it is known already whose leg it is. */
export function pagerOf(world: World, peer: Channel): Channel | null {
  if (peer.call.stage !== 'forming') return null
  // The latest first: it has most likely just begun.
  for (const [pager, page] of [...world.pagers].reverse()) if (names(page, peer)) return pager
  return null
}

function names({ devices, shownNumber }: Page, { name, snapshot }: Channel): boolean {
  const device = `${name.technology}/${name.endpoint}`
  return (
    snapshot.connectedNumber === shownNumber && devices.some((one) => one === device || one.startsWith(`${device}/`))
  )
}
