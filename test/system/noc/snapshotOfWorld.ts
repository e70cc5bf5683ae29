// What the exporter reads over REST when a session begins, of a simulated PBX.

import { decodeChannel, decodeEndpoint, decodeLiveBridge } from '../../../src/ari/decodeModels.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import { bridgeJson, channelJson } from '../../../src/pbx-sim/asterisk/channel.ts'
import { endpointJson, type World } from '../../../src/pbx-sim/asterisk/world.ts'

/** Everything that exists in this world now. */
export function snapshotOf(world: World): Extract<PbxEvent, { readonly type: 'SnapshotTaken' }> {
  const at = world.now()
  const read = <Item>(texts: Iterable<string>, decode: (value: unknown) => Item | null): Item[] =>
    [...texts].flatMap((text) => decode(JSON.parse(text)) ?? [])
  return {
    type: 'SnapshotTaken',
    at,
    channels: read(
      [...world.channels.values()].map((one) => channelJson(one, world.stamp)),
      (value) => decodeChannel(value, at),
    ),
    bridges: read(
      [...world.bridges.values()].map((one) => bridgeJson(one, world.stamp)),
      decodeLiveBridge,
    ),
    endpoints: read(
      [...world.endpoints.values()].map((one) => endpointJson(world, one)),
      decodeEndpoint,
    ),
  }
}
