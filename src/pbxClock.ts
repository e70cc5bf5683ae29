// The PBX's clock, as far as its events tell it: our own instants are told in its time before they meet its events'.
//
// Two machines' clocks differ. A gap begins and ends by our clock, while every event carries the PBX's; mixed, a call
// that ended in the gap would come out longer or shorter by the difference. One event is not believed alone: a frame can
// carry a time that is days away. Of the latest events' differences the middle one counts.

import type { PbxEvent } from './call/event.ts'

export interface PbxClock {
  /** The event with its instant in the PBX's time: only what we noticed ourselves is moved. */
  translate(event: PbxEvent, receivedAt: number): PbxEvent
  /** An instant of ours (epoch ms) in the PBX's time. */
  toPbx(at: number): number
  /** Our own clock leapt ahead by so many ms; as long as events do not tell otherwise, the PBX's did not. */
  leapt(ms: number): void
}

/** Four of them may be wild. */
const LATEST = 9

/** `aheadMs`: by how much our clock was ahead of the PBX's in a former run; it counts until three events were heard. */
export function createPbxClock(aheadMs = 0): PbxClock {
  // Oldest first.
  let latest: readonly number[] = [aheadMs, aheadMs]
  let middle = aheadMs
  const take = (differences: readonly number[]): void => {
    latest = differences.slice(-LATEST)
    middle = [...latest].sort((one, other) => one - other)[Math.floor((latest.length - 1) / 2)] ?? 0
  }
  return {
    translate(event, receivedAt) {
      if (event.type === 'SightLost' || event.type === 'SnapshotTaken') return { ...event, at: event.at - middle }
      if (event.type !== 'CallsRemembered') take([...latest, receivedAt - event.at])
      return event
    },
    toPbx: (at) => at - middle,
    leapt(ms) {
      take(latest.map((difference) => difference + ms))
    },
  }
}
