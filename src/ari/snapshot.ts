// All that lives in the PBX, from REST, as one event.
//
// The lists are read side by side and are not one instant: what changes between them is told by the frames that
// were heard meanwhile, which the session delivers after this event. An entry that cannot be read is left out and
// its reason told; the rest counts. Source: GET /channels, /bridges, /endpoints.

import type { PbxEvent } from '../call/event.ts'
import type { MalformedReason } from './decode.ts'
import { decodeChannel, decodeEndpoint, decodeLiveBridge } from './decodeModels.ts'
import type { Rest } from './rest/rest.ts'
import type { Answer } from './rest/result.ts'

export type SnapshotTaken = Extract<PbxEvent, { readonly type: 'SnapshotTaken' }>

export interface SnapshotDependencies {
  readonly rest: Pick<Rest, 'channels' | 'bridges' | 'endpoints'>
  readonly now: () => number
  onMalformed(reason: MalformedReason): void
}

/** One `SnapshotTaken`; its `at` is the instant before the first list was asked for. */
export async function takeSnapshot(deps: SnapshotDependencies): Promise<Answer<SnapshotTaken>> {
  const at = deps.now()
  const { rest } = deps
  const [channels, bridges, endpoints] = await Promise.all([rest.channels(), rest.bridges(), rest.endpoints()])
  if (!channels.ok) return channels
  if (!bridges.ok) return bridges
  if (!endpoints.ok) return endpoints

  function readable<T>(values: readonly unknown[], reason: MalformedReason, read: (value: unknown) => T | null): T[] {
    return values.flatMap((value) => {
      const item = read(value)
      if (item === null) deps.onMalformed(reason)
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
