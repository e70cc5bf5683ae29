// Paging: an application of one caller dials many phones, and Asterisk names no caller in their dial events.
//
// This concerns Page and everything else that uses Asterisk's dial API. A channel that it creates belongs to the caller whose
// application names its device and whose number it shows; pagers are found by both. Source: app_page, main/dial.c; recorded traffic (test/traces).

import { dialedNames } from '../asterisk/channelName.ts'
import type { Channel } from '../model/channel.ts'

/** Paging channels by a device that they page and the number that it shows; the latest is the last. */
export type Pagers = Map<string, Channel[]>

/** The channel begins to page, or pages other devices than before. */
export function startPaging(pagers: Pagers, channel: Channel): void {
  stopPaging(pagers, channel)
  const { appData, callerNumber } = channel.snapshot
  channel.pages = dialedNames(appData).map((name) => `${name} ${callerNumber}`)
  for (const key of channel.pages) {
    const channels = pagers.get(key)
    if (channels === undefined) {
      pagers.set(key, [channel])
    } else {
      channels.push(channel)
    }
  }
}

export function stopPaging(pagers: Pagers, channel: Channel): void {
  for (const key of channel.pages) {
    const channels = pagers.get(key) ?? []
    channels.splice(channels.lastIndexOf(channel), 1)
    if (channels.length === 0) {
      pagers.delete(key)
    }
  }
  channel.pages = NO_PAGES
}

const NO_PAGES: readonly string[] = []

/** The channel that pages this one; null when none does, or when the channel's call is known already. */
export function pagerOf(pagers: Pagers, { call, name, snapshot }: Channel): Channel | null {
  if (call.stage !== 'forming') {
    return null
  }
  // The latest pager has most likely just begun.
  return pagers.get(`${name.technology}/${name.endpoint} ${snapshot.connectedNumber}`)?.at(-1) ?? null
}
