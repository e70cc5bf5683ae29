// Plays scenarios without sockets or a clock, and collects what the simulator sends.

import fc from 'fast-check'
import { decodeFrame } from '../../../src/ari/decode.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import type { ExpectedCall } from '../../../src/pbx-sim/asterisk/call.ts'
import { createEventQueue, type EventQueue } from '../../../src/pbx-sim/clock/eventQueue.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import {
  createSimulator,
  type PlaceOptions,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/pbx-sim/simulator.ts'

export const START_AT = Date.UTC(2026, 10, 23, 7, 0, 0)

export interface Stage {
  readonly simulator: Simulator
  readonly eventQueue: EventQueue
  /** Every frame as JSON text, in order. */
  readonly frames: readonly string[]
  readonly truths: readonly ExpectedCall[]
}

/** A simulator whose time advances only by `eventQueue.runUntil`. */
export function setStage(options: Partial<SimulatorOptions> = {}, applications: readonly string[] = []): Stage {
  const eventQueue = createEventQueue(START_AT)
  const frames: string[] = []
  const truths: ExpectedCall[] = []
  const simulator = createSimulator(
    {
      seed: 7,
      speed: 1,
      callsPerSecond: 0,
      maxConcurrent: Number.POSITIVE_INFINITY,
      traffic: 'real',
      zoneOffsetMinutes: 0,
      ...options,
    },
    {
      eventQueue,
      publish: (frame) => {
        frames.push(frame.render('callcenter-app'))
      },
      hasApplication: (name) => applications.includes(name),
      inApplication: (_name, channel, inside) => {
        frames.push(
          JSON.stringify({
            type: inside ? 'StasisStart' : 'StasisEnd',
            channel: { id: channel.id, name: channel.name },
          }),
        )
      },
      callEnded: (truth) => truths.push(truth),
    },
  )
  return { simulator, eventQueue, frames, truths }
}

/** Plays one scenario to its end. */
export function playOut(
  scenario: ScenarioName,
  fixed: PlaceOptions = {},
  options: Partial<SimulatorOptions> = {},
): Stage {
  const stage = setStage(options)
  stage.simulator.place(scenario, fixed)
  stage.eventQueue.runUntil(START_AT + 24 * 3_600_000)
  return stage
}

/** Scenarios and when each starts, ms after the start. */
export type Mix = readonly (readonly [ScenarioName, number])[]

/** Plays several interleaved calls to their ends; returns what the decoder makes of the frames, and the expected results. */
export function playMix(seed: number, mix: Mix): { events: PbxEvent[]; truths: readonly ExpectedCall[] } {
  const stage = setStage({ seed, traffic: 'lean', speed: 10 })
  for (const [scenario, at] of mix) {
    stage.eventQueue.at(START_AT + at, () => void stage.simulator.place(scenario))
  }
  stage.eventQueue.runUntil(START_AT + 24 * 3_600_000)
  const events = stage.frames.flatMap((frame) => {
    const decoded = decodeFrame(frame)
    return decoded.kind === 'event' ? [decoded.event] : []
  })
  return { events, truths: stage.truths }
}

/** At most `maxLength` calls, each starting within five seconds. */
export function anyMix(maxLength: number): fc.Arbitrary<Mix> {
  const call = fc.tuple(fc.constantFrom(...SCENARIO_NAMES), fc.nat({ max: 5_000 }))
  return fc.array(call, { minLength: 1, maxLength })
}
