// The end of a simulated PBX: orderly, with events, or at once.

import { cutTalk } from './actions/bridge.ts'
import { destroy, softHangup } from './actions/channel.ts'
import { resetStaff } from './asterisk/staff.ts'
import type { World } from './asterisk/world.ts'

/** All channels hang up, with events. */
export function goDown(world: World): void {
  for (const bridge of [...world.bridges.values()]) {
    cutTalk(world, bridge, { cause: 4, text: '' })
  }
  for (const channel of [...world.channels.values()]) {
    softHangup(world, channel, { cause: 4, text: '' })
    destroy(world, channel, { cause: 16, text: 'Normal Clearing' })
  }
}

/** Nothing is left, without an event. */
export function forget(world: World): void {
  world.channels.clear()
  world.byEndpoint.clear()
  world.bridges.clear()
  world.waiting.clear()
  world.hangUps.clear()
  resetStaff(world.staff)
  Object.assign(world.counters, { id: 0, name: 0, local: 0 })
}
