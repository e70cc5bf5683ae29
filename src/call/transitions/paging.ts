// Paging: one caller's application dials many phones, and Asterisk names no caller in their dial events.
//
// Page and whatever else dials through Asterisk's dial API: the channels that it makes belong to the caller whose application names
// their devices and whose number they show; pagers are filed by both. Source: app_page, main/dial.c; recorded traffic (test/traces).

import { dialedNames } from '../asterisk/channelName.ts'
import type { Channel } from '../model/channel.ts'

/** Channels that page, by a device that they page and the number that they show; the latest comes last. */
export type Pagers = Map<string, Channel[]>

/** The channel begins to page, or pages others than before. */
export function beginsPaging(pagers: Pagers, channel: Channel): void {
  pagesNoMore(pagers, channel)
  const { appData, callerNumber } = channel.snapshot
  channel.pages = dialedNames(appData).map((name) => `${name} ${callerNumber}`)
  for (const key of channel.pages) {
    const file = pagers.get(key)
    if (file === undefined) pagers.set(key, [channel])
    else file.push(channel)
  }
}

export function pagesNoMore(pagers: Pagers, channel: Channel): void {
  for (const key of channel.pages) {
    const file = pagers.get(key) ?? []
    file.splice(file.lastIndexOf(channel), 1)
    if (file.length === 0) pagers.delete(key)
  }
  channel.pages = NOBODY
}

const NOBODY: readonly string[] = []

/** Who pages this channel; null when nobody does, or when it is known already whose leg it is. */
export function pagerOf(pagers: Pagers, { call, name, snapshot }: Channel): Channel | null {
  if (call.stage !== 'forming') return null
  // The latest: it has most likely just begun.
  return pagers.get(`${name.technology}/${name.endpoint} ${snapshot.connectedNumber}`)?.at(-1) ?? null
}
