// A caller's waits in queues: how each begins, and how it ends without an agent.
//
// Asterisk sends no event about a queue itself: a wait begins when the caller's channel runs `Queue`, and ends without an answer with
// the variable QUEUESTATUS or with whatever the channel does next. No wait is counted twice.

import type { QueueOutcome } from '../fact.ts'
import { currentQueueWait, newQueueWait, type OpenCall, type QueueWait } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { settleDirection } from './dial.ts'
import { leaveQueue } from './lifecycle.ts'

/**
 * A channel runs `Queue`. Ignores repeated entries and the re-sent dialplan event of a transfer; a channel that takes the place of
 * the waiting one continues its wait. `certain`: the queue itself says that the caller entered.
 */
export function onQueueEntered(channel: Channel, at: number, { certain = false } = {}): void {
  const { call } = channel
  const last = call.queueWaits.at(-1)
  const queue = queueNameOf(channel)
  if (last !== undefined && last.outcome === null) {
    if (last.queue === queue) {
      last.channelId = channel.id
    }
    // A caller may go from one queue to the next within a millisecond.
    if (last.queue === queue || last.channelId !== channel.id || at <= last.enteredAt) {
      return
    }
    leaveQueue(call, last, { outcome: 'exited', at })
  }
  if (at < (last?.leftAt ?? at)) {
    return
  }
  if (last?.queue === queue && (at <= last.enteredAt || (!certain && isMovedInConversation(channel, at)))) {
    return
  }
  call.queueWaits.push(newQueueWait({ queue, channelId: channel.id, enteredAt: at }))
  if (call.stage === 'live') {
    settleDirection(call, null)
  }
}

/** The queue that a channel's `Queue` names: its first argument. */
export function queueNameOf(channel: Channel): string {
  return (channel.snapshot.appData.split(',')[0] ?? '').trim()
}

// After a transfer Asterisk sends ChannelDialplan again with the old application (Queue): that is not a second entry.
function isMovedInConversation({ bridge, lastLeft }: Channel, at: number): boolean {
  return bridge?.kind === 'talk' || (lastLeft !== null && at <= lastLeft.at)
}

const OUTCOME_OF_QUEUESTATUS: ReadonlyMap<string, QueueOutcome> = new Map<string, QueueOutcome>([
  ['TIMEOUT', 'timeout'],
  ['FULL', 'full'],
  ['JOINEMPTY', 'joinempty'],
  ['JOINUNAVAIL', 'joinempty'],
  ['LEAVEEMPTY', 'leaveempty'],
  ['LEAVEUNAVAIL', 'leaveempty'],
  ['CONTINUE', 'exited'],
  ['WITHDRAW', 'exited'],
])

/** Queue set QUEUESTATUS; other values than the ends above change nothing. */
export function onQueueStatus(call: OpenCall, value: string, at: number): void {
  const outcome = OUTCOME_OF_QUEUESTATUS.get(value)
  const wait = currentQueueWait(call)
  if (outcome !== undefined && wait !== null && at >= earliestEnd(wait, outcome)) {
    leaveQueue(call, wait, { outcome, at })
  }
}

// joinempty and full may come in the millisecond of the entry; any other status that early belongs to the previous queue.
function earliestEnd({ enteredAt }: QueueWait, outcome: QueueOutcome): number {
  return outcome === 'joinempty' || outcome === 'full' ? enteredAt : enteredAt + 1
}
