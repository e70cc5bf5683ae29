// Which channel is in which bridge of Asterisk, and waiting until it is: scripts wait for events and not for a time.

import { setTimeout as sleep } from 'node:timers/promises'
import { ari } from './asterisk.ts'

const PATIENCE_MS = 40_000

interface Channel {
  readonly id: string
  readonly name: string
  readonly caller: { readonly number: string }
}

interface Bridge {
  readonly bridge_type: string
  readonly channels: readonly string[]
}

/** The channel of that phone, or of the outside caller that shows that number. */
export async function channelOf(number: string): Promise<Channel> {
  const channels = (await ari('/channels')) as Channel[]
  const own = channels.find(({ name, caller }) => name.startsWith(`PJSIP/${number}-`) || caller.number === number)
  if (own === undefined) {
    throw new Error(`${number} has no channel.`)
  }
  return own
}

/** Resolves once that phone or caller is in a holding bridge. */
export async function untilWaiting(number: string): Promise<void> {
  await until(`${number} waits`, async () => {
    const { id } = await channelOf(number)
    const bridges = (await ari('/bridges')) as Bridge[]
    return bridges.some((bridge) => bridge.bridge_type === 'holding' && bridge.channels.includes(id))
  })
}

/** Resolves once that phone or caller is in a mixing bridge with others, directly or behind Local channels. */
export async function untilTalking(number: string): Promise<void> {
  await until(`${number} talks`, async () => {
    const { id } = await channelOf(number)
    const bridges = (await ari('/bridges')) as Bridge[]
    return bridges.some(
      (bridge) => bridge.bridge_type !== 'holding' && bridge.channels.includes(id) && bridge.channels.length > 1,
    )
  })
}

/** Resolves once that device is free for a call. */
export async function untilFree(device: string): Promise<void> {
  await until(`${device} is free`, async () => {
    const { state } = (await ari(`/deviceStates/${device}`)) as { readonly state: string }
    return state === 'NOT_INUSE'
  })
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`It never came to it that ${what}.`)
    }
    await sleep(50)
  }
}
