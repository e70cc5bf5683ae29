// The PBX's clock, as far as its events tell it: our own instants are told in its time before they meet its events'.
//
// Two machines' clocks differ. A gap begins and ends by our clock, while every event carries the PBX's; mixed, a call
// that ended in the gap would come out longer or shorter by the difference.

import type { PbxEvent } from './call/event.ts'

export interface PbxClock {
  /** The event with its instant in the PBX's time: only what we noticed ourselves is moved. */
  translate(event: PbxEvent, receivedAt: number): PbxEvent
  /** An instant of ours (epoch ms) in the PBX's time. */
  toPbx(at: number): number
}

/** Until an event was heard both clocks count as one. */
export function createPbxClock(): PbxClock {
  let aheadMs = 0
  return {
    translate(event, receivedAt) {
      if (event.type === 'SightLost' || event.type === 'SnapshotTaken') return { ...event, at: event.at - aheadMs }
      if (event.type !== 'CallsRemembered') aheadMs = receivedAt - event.at
      return event
    },
    toPbx: (at) => at - aheadMs,
  }
}
