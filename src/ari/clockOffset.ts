// The PBX's clock, as far as its events tell it: our own instants are told in its time before they meet its events'.
//
// Two machines' clocks differ. A gap begins and ends by our clock, while every event carries the PBX's; mixed, a call
// that ended in the gap would come out longer or shorter by the difference. One event is not believed alone: a frame can
// carry a time that is days away. Of the latest events' differences the middle one counts, and an event that could not have been
// heard yet is dated by when it was heard. When several in a row say so, the PBX's clock was set ahead, and the core is told.

import type { PbxEvent } from '../call/event.ts'

export interface PbxClock {
  /**
   * The event with its instant in the PBX's time: what we noticed ourselves is moved, and what comes from the future is dated by
   * now. Where the PBX's clock was set ahead, that is told before it.
   */
  translate(event: PbxEvent, receivedAt: number): readonly PbxEvent[]
  /** An instant of ours (epoch ms) in the PBX's time. */
  toPbx(at: number): number
  /** Our own clock leapt ahead by so many ms; as long as events do not tell otherwise, the PBX's did not. */
  leapt(ms: number): void
}

/** Four of them may be wild. */
const LATEST = 9

/** An event is not heard before it happens; so much is left to clocks that differ a little, and to stalls of ours. */
const FUTURE_MS = 60_000

/** So many in a row are no wild events: the clock was set. */
const SET_AFTER = 5

/** Before so many events were heard, nothing is known of the PBX's clock. */
const KNOWN_AFTER = 3

/** `aheadMs`: by how much our clock was ahead of the PBX's in a former run; it counts until three events were heard. */
export function createPbxClock(aheadMs = 0): PbxClock {
  // Oldest first.
  let latest = [aheadMs, aheadMs]
  let early: number[] = []
  let heard = 0

  // Asked for now and then; an event only adds to what it is found among.
  const middle = (): number => {
    const sorted = latest.toSorted((one, other) => one - other)
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  }

  const take = (difference: number): void => {
    latest.push(difference)
    if (latest.length > LATEST) latest.shift()
  }

  const place = (event: PbxEvent, receivedAt: number): readonly PbxEvent[] => {
    const difference = receivedAt - event.at
    heard += 1
    if (heard <= KNOWN_AFTER || difference >= Math.min(...latest) - FUTURE_MS) {
      if (early.length > 0) early = []
      take(difference)
      return [event]
    }
    early.push(difference)
    const before = middle()
    if (early.length < SET_AFTER) return [{ ...event, at: receivedAt - before }]
    latest = early
    early = []
    return [{ type: 'ClockStepped', at: event.at, byMs: before - middle() }, event]
  }

  return {
    translate(event, receivedAt) {
      switch (event.type) {
        case 'ConnectionLost':
        case 'SnapshotTaken':
        case 'ChannelsListed':
          return [{ ...event, at: event.at - middle() }]
        case 'OpenCallsRestored':
          return [event]
        default:
          return place(event, receivedAt)
      }
    },
    toPbx: (at) => at - middle(),
    leapt(ms) {
      latest = latest.map((difference) => difference + ms)
    },
  }
}
