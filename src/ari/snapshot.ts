// All channels, bridges and endpoints of the PBX, read over REST, as one event.
//
// The lists are read in parallel, not at one instant: events that arrive meanwhile report the changes, and the session delivers them
// after this event. An entry that cannot be decoded is left out and counted. Source: GET /channels, /bridges, /endpoints.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PbxEvent } from '../call/event.ts'
import type { MalformedReason } from './decode.ts'
import { decodeChannel, decodeEndpoint, decodeLiveBridge } from './decodeModels.ts'
import type { Rest } from './rest/rest.ts'
import type { RestResult } from './rest/result.ts'

export type SnapshotTaken = Extract<PbxEvent, { readonly type: 'SnapshotTaken' }>

/** So many entries are decoded in one turn of the event loop: a millisecond or two. */
const READ_AT_ONCE = 500

export interface SnapshotDependencies {
  readonly rest: Pick<Rest, 'channels' | 'bridges' | 'endpoints'>
  readonly now: () => number
  onMalformed(reason: MalformedReason): void
}

/** One `SnapshotTaken`; `at` is the instant before the first request. */
export async function takeSnapshot(deps: SnapshotDependencies): Promise<RestResult<SnapshotTaken>> {
  const at = deps.now()
  const { rest } = deps
  const [channels, bridges, endpoints] = await Promise.all([rest.channels(), rest.bridges(), rest.endpoints()])
  if (!channels.ok) {
    return channels
  }
  if (!bridges.ok) {
    return bridges
  }
  if (!endpoints.ok) {
    return endpoints
  }

  async function readable<T>(
    values: readonly unknown[],
    reason: MalformedReason,
    read: (value: unknown) => T | null,
  ): Promise<T[]> {
    const items: T[] = []
    for (const [index, value] of values.entries()) {
      const item = read(value)
      if (item === null) {
        deps.onMalformed(reason)
      } else {
        items.push(item)
      }
      if (index % READ_AT_ONCE === READ_AT_ONCE - 1) {
        await nextTurn()
      }
    }
    return items
  }

  const value: SnapshotTaken = {
    type: 'SnapshotTaken',
    at,
    channels: await readable(channels.value, 'bad_channel', (channel) => decodeChannel(channel, at)),
    bridges: await readable(bridges.value, 'bad_bridge', decodeLiveBridge),
    endpoints: await readable(endpoints.value, 'bad_endpoint', decodeEndpoint),
  }
  return { ok: true, value }
}
