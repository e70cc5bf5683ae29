// Continuous calls on the simulated PBX, drawn from a seed, and their ground truth.
//
// A call that a restart of the PBX cuts has no truth; it is counted, and its channels are named by the fault.

import type { ExpectedCall } from '../../../src/pbx-sim/asterisk/call.ts'
import type { Pbx } from '../../../src/pbx-sim/pbx.ts'
import type { Random } from '../../../src/pbx-sim/random.ts'
import { drawScenario, type ScenarioName } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import type { PlaceOptions } from '../../../src/pbx-sim/simulator.ts'

/** One scenario that was played to its end. */
export interface Played {
  readonly scenario: ScenarioName
  readonly truths: readonly ExpectedCall[]
}

export interface Load {
  /** No call is begun until `goOn`: the PBX is stalled or down. */
  pause(): void
  goOn(): void
  /** One more call, whose truth is kept as that of the others. */
  place(scenario: ScenarioName, fixed: PlaceOptions): Promise<readonly ExpectedCall[]>
  /** Begins no more; resolves when all calls are over. */
  drain(): Promise<void>
  /** Scenarios begun, played to their end, and cut. */
  readonly count: { begun: number; cut: number }
  readonly played: readonly Played[]
}

export interface LoadOptions {
  /** A mean; 0: none but those that are placed. */
  readonly callsPerSecond: number
  readonly longestTalkMs: number
  readonly random: Random
}

/** Begins calls at once. */
export function startLoad({ callsPerSecond, longestTalkMs, random }: LoadOptions, pbx: Pbx): Load {
  const played: Played[] = []
  const count = { begun: 0, cut: 0 }
  const open = new Set<Promise<unknown>>()
  let paused = false
  let timer: NodeJS.Timeout | undefined

  function place(scenario: ScenarioName, fixed: PlaceOptions): Promise<readonly ExpectedCall[]> {
    count.begun += 1
    const over = pbx.place(scenario, fixed).ended.then((truths) => {
      if (truths.length === 0) {
        count.cut += 1
      } else {
        played.push({ scenario, truths })
      }
      open.delete(over)
      return truths
    })
    open.add(over)
    return over
  }

  function begin(): void {
    timer = setTimeout(begin, random.wait(1000 / callsPerSecond))
    if (paused) {
      return
    }
    const scenario = drawScenario(random)
    void place(scenario, { talkMs: Math.round(Math.min(longestTalkMs, random.skewed(2_500, 0.8))) })
  }
  if (callsPerSecond > 0) {
    begin()
  }
  return {
    place,
    pause: () => {
      paused = true
    },
    goOn: () => {
      paused = false
    },
    async drain() {
      clearTimeout(timer)
      while (open.size > 0) {
        await Promise.all(open)
      }
    },
    count,
    played,
  }
}
