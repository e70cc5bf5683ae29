// All channels, bridges and endpoints of the PBX, read over REST, as one event.
//
// The lists are read in parallel, not at one instant: events that arrive meanwhile report the changes, and the session delivers them
// after this event. An entry that cannot be decoded is left out and counted. Source: GET /channels, /bridges, /endpoints.

import type { PbxEvent } from '../call/event.ts'
import type { MalformedReason } from './decode.ts'
import { decodeChannel, decodeEndpoint, decodeLiveBridge } from './decodeModels.ts'
import type { Rest } from './rest/rest.ts'
import type { RestResult } from './rest/result.ts'

export type SnapshotTaken = Extract<PbxEvent, { readonly type: 'SnapshotTaken' }>

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

  function readable<T>(values: readonly unknown[], reason: MalformedReason, read: (value: unknown) => T | null): T[] {
    return values.flatMap((value) => {
      const item = read(value)
      if (item === null) {
        deps.onMalformed(reason)
      }
      return item === null ? [] : [item]
    })
  }

  const value: SnapshotTaken = {
    type: 'SnapshotTaken',
    at,
    channels: readable(channels.value, 'bad_channel', (channel) => decodeChannel(channel, at)),
    bridges: readable(bridges.value, 'bad_bridge', decodeLiveBridge),
    endpoints: readable(endpoints.value, 'bad_endpoint', decodeEndpoint),
  }
  return { ok: true, value }
}
