// Plays scenarios without sockets or a clock, and collects what the exchange sends.

import type { CallTruth } from '../../src/pbx-sim/asterisk/call.ts'
import { createExchange, type Exchange, type ExchangeOptions, type PlaceOptions } from '../../src/pbx-sim/exchange.ts'
import type { ScenarioName } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { createTimeline, type Timeline } from '../../src/pbx-sim/timeline.ts'

export const START_AT = Date.UTC(2026, 10, 23, 7, 0, 0)

export interface Stage {
  readonly exchange: Exchange
  readonly timeline: Timeline
  /** Every frame as JSON text, in order. */
  readonly frames: readonly string[]
  readonly truths: readonly CallTruth[]
}

/** An exchange whose clock stands until `timeline.runUntil`. */
export function setStage(options: Partial<ExchangeOptions> = {}, applications: readonly string[] = []): Stage {
  const timeline = createTimeline(START_AT)
  const frames: string[] = []
  const truths: CallTruth[] = []
  const exchange = createExchange(
    {
      seed: 7,
      speed: 1,
      callsPerSecond: 0,
      maxConcurrent: Number.POSITIVE_INFINITY,
      noise: true,
      zoneOffsetMinutes: 0,
      ...options,
    },
    {
      timeline,
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
  return { exchange, timeline, frames, truths }
}

/** Plays one scenario to its end. */
export function playOut(
  scenario: ScenarioName,
  fixed: PlaceOptions = {},
  options: Partial<ExchangeOptions> = {},
): Stage {
  const stage = setStage(options)
  stage.exchange.place(scenario, fixed)
  stage.timeline.runUntil(START_AT + 24 * 3_600_000)
  return stage
}
