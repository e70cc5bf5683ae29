// The queues that were seen: in events of this run, or by an earlier one.

import type { ChannelSnapshot, PbxEvent } from '../call/event.ts'
import { isAskable } from './askable.ts'
import {
  applyCommand,
  believeMembers,
  forgetAnswers,
  type KnownQueue,
  newQueue,
  noteNamed,
  noteUrgent,
} from './knownQueue.ts'
import { type MemberCommand, queueCommand } from './queueCommand.ts'

/** A queue, and the members that it is believed to have; null if they were never told completely. */
export interface RememberedQueue {
  readonly queue: string
  readonly members: readonly string[] | null
}

export interface KnownQueues {
  /** Before the first event. */
  restore(queues: readonly RememberedQueue[]): void
  /** Notes the queues that an event names and what becomes of their members; a gap makes everything unknown. */
  apply(event: PbxEvent): void
  /** Drops the queues that Asterisk has not known for a day. */
  forget(at: number): void
  get(name: string): KnownQueue | undefined
  all(): Iterable<KnownQueue>
  remembered(): readonly RememberedQueue[]
  noteUnaskable(name: string): void
}

/** More than any PBX has; a dialplan that makes up names must not fill the memory. */
const MOST_QUEUES = 1_000

const FORGET_MS = 24 * 3_600_000

/** `onUnaskable` is called once for each name that cannot be part of a question. */
export function createKnownQueues(onUnaskable: (name: string) => void): KnownQueues {
  const queues = new Map<string, KnownQueue>()
  const unaskable = new Set<string>()

  function noteUnaskable(name: string): void {
    if (!unaskable.has(name) && unaskable.size < MOST_QUEUES) {
      unaskable.add(name)
      onUnaskable(name)
    }
  }

  function named(name: string, at: number): KnownQueue | null {
    const known = queues.get(name)
    if (known !== undefined) {
      noteNamed(known, at)
      return known
    }
    if (!isAskable(name)) {
      noteUnaskable(name)
    }
    if (queues.size >= MOST_QUEUES) {
      return null
    }
    const queue = newQueue(name, at)
    queues.set(name, queue)
    return queue
  }

  function applyTo(queue: KnownQueue | null, command: MemberCommand, at: number): void {
    if (queue !== null) {
      applyCommand(queue, command, at)
      noteUrgent(queue, at)
    }
  }

  function enter(channel: ChannelSnapshot, at: number): void {
    const command = queueCommand(channel)
    if (command === null) {
      return
    }
    if (command.type === 'entered') {
      named(command.queue, at)
      return
    }
    if (command.queue !== null) {
      return applyTo(named(command.queue, at), command, at)
    }
    for (const queue of queues.values()) {
      if (queue.members.has(command.member)) {
        applyTo(queue, command, at)
      }
    }
  }

  // Commands of the gap have run long ago; the answers tell what became of them.
  function findWaiting(channels: readonly ChannelSnapshot[], at: number): void {
    for (const channel of channels) {
      const command = queueCommand(channel)
      if (command?.type === 'entered') {
        named(command.queue, at)
      }
    }
  }

  function forgetAll(at: number): void {
    for (const queue of queues.values()) {
      forgetAnswers(queue)
      queue.namedAt = Math.min(queue.namedAt, at)
    }
  }

  return {
    restore(remembered) {
      for (const { queue: name, members } of remembered) {
        const queue = named(name, 0)
        if (queue !== null && members !== null) {
          believeMembers(queue, members)
        }
      }
    },
    apply(event) {
      switch (event.type) {
        case 'ApplicationEntered':
          return enter(event.channel, event.at)
        case 'SnapshotTaken': {
          forgetAll(event.at)
          return findWaiting(event.channels, event.at)
        }
        case 'ConnectionLost':
        case 'ClockStepped':
          return forgetAll(event.at)
      }
    },
    forget(at) {
      for (const [name, { exists, namedAt }] of queues) {
        if (!exists && at - namedAt > FORGET_MS) {
          queues.delete(name)
        }
      }
    },
    get: (name) => queues.get(name),
    all: () => queues.values(),
    remembered: () =>
      [...queues.values()]
        .filter(({ exists }) => exists)
        .map(({ name, isListed, members }) => ({ queue: name, members: isListed ? [...members.keys()] : null })),
    noteUnaskable,
  }
}
