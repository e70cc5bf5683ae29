// When each phone's last call of each queue ended: wrap-up begins there.
//
// From facts of calls. A phone that answers after a transfer out of the queue counts too, because the core does not tell them apart.

import type { CallFact } from '../call/fact.ts'

export interface QueueCalls {
  /** The queue in which a call that was answered ended just now, if this fact ends one; mostly null. */
  apply(fact: CallFact): string | null
  /** When the phone's last call of this queue ended; null if none is known. */
  endedAt(phone: string, queue: string): number | null
  /** The same for any queue. */
  lastEndedAt(phone: string): number | null
}

/** More than phones and queues of any PBX. */
const MOST = 20_000

export function createQueueCalls(): QueueCalls {
  /** The queue of each live call that has been in one. */
  const queues = new Map<string, string>()
  const ends = new Map<string, number>()

  function note(key: string, at: number): void {
    const before = ends.get(key) ?? 0
    ends.delete(key)
    ends.set(key, Math.max(before, at))
    for (const oldest of ends.keys()) {
      if (ends.size <= MOST) {
        break
      }
      ends.delete(oldest)
    }
  }

  return {
    apply(fact) {
      switch (fact.type) {
        case 'CallStarted':
        case 'CallChanged':
        case 'CallAnswered': {
          const { channelId, queue } = fact.call
          if (queue !== null) {
            queues.set(channelId, queue)
          }
          return null
        }
        case 'CallEnded': {
          queues.delete(fact.call.channelId)
          return null
        }
        case 'LegEnded': {
          const { callId, endpoint, endpointRole, answeredAt, endedAt } = fact.leg
          const queue = queues.get(callId)
          if (queue === undefined || answeredAt === null || endpointRole !== 'phone') {
            return null
          }
          note(keyOf(endpoint, queue), endedAt ?? fact.at)
          note(keyOf(endpoint, ''), endedAt ?? fact.at)
          return queue
        }
        default:
          return null
      }
    },
    endedAt: (phone, queue) => ends.get(keyOf(phone, queue)) ?? null,
    lastEndedAt: (phone) => ends.get(keyOf(phone, '')) ?? null,
  }
}

function keyOf(phone: string, queue: string): string {
  return `${queue}\u0000${phone}`
}
