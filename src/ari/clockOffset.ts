// The difference between this machine's clock and the PBX's, and conversion from one to the other.
//
// The clocks of two machines differ. A lost connection begins and ends by this machine's clock while every event carries the PBX's
// time; mixing them would make a call that ended meanwhile longer or shorter by the difference. A single event is not trusted: it can
// carry a time that is days off. The offset is the median difference of the latest events. An event from the future gets the time of
// its receipt; several of them in a row mean that the PBX's clock was set ahead, and a `ClockStepped` event reports that.

import type { PbxEvent } from '../call/event.ts'

export interface ClockOffset {
  /**
   * The event in the PBX's time: one that this program made is converted, one from the future is dated by its receipt. Preceded by
   * `ClockStepped` where the PBX's clock was set ahead.
   */
  toPbxTime(event: PbxEvent, receivedAt: number): readonly PbxEvent[]
  /** An instant of this machine's clock (epoch ms) in the PBX's time. */
  instantToPbxTime(at: number): number
  /** How far this machine's clock was ahead in an earlier run: used until three events have arrived. Before the first event. */
  startFrom(aheadMs: number): void
  /** This machine's clock was set ahead by `ms`; the PBX's was not, unless its events show it. */
  noteLocalClockStep(ms: number): void
}

/** How many events the median is taken of; it is right even if four of them are wrong. */
const LATEST = 9

/** An event further in the future than this is not trusted; less can be a small difference of clocks, or a stall of this program. */
const FUTURE_MS = 60_000

/** This many events from the future in a row mean that the clock was set. */
const SET_AFTER = 5

/** The offset is unknown before this many events. */
const KNOWN_AFTER = 3

/** Takes both clocks to be the same until events have arrived. */
export function createClockOffset(): ClockOffset {
  // Oldest first.
  let latest = [0, 0]
  // The same in order of size; null until somebody asks, because most events add a difference and ask for nothing.
  let sorted: readonly number[] | null = null
  let early: number[] = []
  let received = 0

  const median = (): number => {
    sorted ??= latest.toSorted((one, other) => one - other)
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  }

  const setLatest = (differences: number[]): void => {
    latest = differences
    sorted = null
  }

  const addDifference = (difference: number): void => {
    latest.push(difference)
    if (latest.length > LATEST) {
      latest.shift()
    }
    sorted = null
  }

  const dateEvent = (event: PbxEvent, receivedAt: number): readonly PbxEvent[] => {
    const difference = receivedAt - event.at
    received += 1
    if (received <= KNOWN_AFTER || difference >= Math.min(...latest) - FUTURE_MS) {
      if (early.length > 0) {
        early = []
      }
      addDifference(difference)
      return [event]
    }
    early.push(difference)
    const before = median()
    if (early.length < SET_AFTER) {
      return [{ ...event, at: receivedAt - before }]
    }
    setLatest(early)
    early = []
    return [{ type: 'ClockStepped', at: event.at, byMs: before - median() }, event]
  }

  return {
    toPbxTime(event, receivedAt) {
      switch (event.type) {
        case 'ConnectionLost':
        case 'SnapshotTaken':
        case 'ChannelsListed':
          return [{ ...event, at: event.at - median() }]
        case 'OpenCallsRestored':
          return [event]
        default:
          return dateEvent(event, receivedAt)
      }
    },
    instantToPbxTime: (at) => at - median(),
    startFrom(aheadMs) {
      setLatest([aheadMs, aheadMs])
    },
    noteLocalClockStep(ms) {
      setLatest(latest.map((difference) => difference + ms))
    },
  }
}
