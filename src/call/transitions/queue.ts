// A caller's stays in queues: how each begins and how it ends without an agent.
//
// The PBX tells of no queue itself: an entry is the application `Queue` on the caller's channel, an end without an answer
// the variable QUEUESTATUS, or whatever the channel does next. Never counts a stay twice.

import type { QueueOutcome } from '../fact.ts'
import { type Call, currentStay, newStay, type QueueStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'
import { aim } from './dial.ts'
import { leaveQueue } from './lifecycle.ts'

/**
 * The caller begins to wait in a queue; an entry told twice is none, and a channel that was put into the place of the one that
 * waits goes on with its stay. `certain`: the queue itself says so, it is no word of where a transfer put the channel.
 */
export function queueEntered(world: World, channel: Channel, at: number, { certain = false } = {}): void {
  const { call } = channel
  const last = call.stays.at(-1)
  const queue = queueNameOf(channel)
  // One queue may follow the other within the same millisecond.
  if (last !== undefined && last.outcome === null) {
    if (last.queue === queue) last.channelId = channel.id
    if (last.queue === queue || last.channelId !== channel.id || at <= last.enteredAt) return
    leaveQueue(call, last, { outcome: 'exited', at })
  }
  if (at < (last?.leftAt ?? at)) return
  if (last?.queue === queue && (at <= last.enteredAt || (!certain && isMovedInConversation(channel, at)))) return
  call.stays.push(newStay({ queue, channelId: channel.id, enteredAt: at }))
  aim(world, call, null)
  call.due.changed = true
}

/** The queue that a channel's `Queue` names: its first argument. */
export function queueNameOf(channel: Channel): string {
  return (channel.snapshot.appData.split(',')[0] ?? '').trim()
}

// A transfer gives the caller a new place in the dialplan, told with the application that still runs.
function isMovedInConversation({ bridge, lastLeft }: Channel, at: number): boolean {
  return bridge?.kind === 'talk' || (lastLeft !== null && at <= lastLeft.at)
}

const QUEUE_STATUS: ReadonlyMap<string, QueueOutcome> = new Map<string, QueueOutcome>([
  ['TIMEOUT', 'timeout'],
  ['FULL', 'full'],
  ['JOINEMPTY', 'joinempty'],
  ['JOINUNAVAIL', 'joinempty'],
  ['LEAVEEMPTY', 'leaveempty'],
  ['LEAVEUNAVAIL', 'leaveempty'],
  ['CONTINUE', 'exited'],
  ['WITHDRAW', 'exited'],
])

/** What Queue left behind in QUEUESTATUS; words that are no ending change nothing. */
export function queueStatusTold(call: Call, value: string, at: number): void {
  const outcome = QUEUE_STATUS.get(value)
  const stay = currentStay(call)
  if (outcome !== undefined && stay !== null && at >= earliestEnd(stay, outcome))
    leaveQueue(call, stay, { outcome, at })
}

// Only who is refused at the door is out at once; anything else then tells of the queue before.
function earliestEnd(stay: QueueStay, outcome: QueueOutcome): number {
  return outcome === 'joinempty' || outcome === 'full' ? stay.enteredAt : stay.enteredAt + 1
}
