// The ground truth: counts of what happened, for tests to compare an exporter with.
//
// It counts calls as the product defines them, from the results that scenarios return; calls that a restart of the PBX cut have none.

import type { ExpectedCall } from './asterisk/call.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'

export interface GroundTruthCounts {
  /** Scenarios started, ended with a result, and cut by a restart or kill. */
  readonly scenarios: { readonly started: number; readonly ended: number; readonly cut: number; readonly live: number }
  readonly byScenario: Readonly<Partial<Record<ScenarioName, number>>>
  /** Calls that ended (a scenario may make several), in all and by disposition and direction. */
  readonly calls: number
  readonly byDisposition: Readonly<Partial<Record<ExpectedCall['disposition'], number>>>
  readonly byDirection: Readonly<Partial<Record<ExpectedCall['direction'], number>>>
  readonly missed: number
  /** Sum of the conversations' lengths. */
  readonly talkMs: number
  readonly answerDelayMs: number
}

export interface GroundTruth {
  readonly begun: () => void
  readonly ended: (scenario: ScenarioName, truths: readonly ExpectedCall[]) => void
  readonly cut: (scenarios: number) => void
  /** A copy of the present counts. */
  readonly read: () => GroundTruthCounts
}

export function createGroundTruth(): GroundTruth {
  const scenarios = { started: 0, ended: 0, cut: 0 }
  const byScenario: Partial<Record<ScenarioName, number>> = {}
  const byDisposition: Partial<Record<ExpectedCall['disposition'], number>> = {}
  const byDirection: Partial<Record<ExpectedCall['direction'], number>> = {}
  const sums = { calls: 0, missed: 0, talkMs: 0, answerDelayMs: 0 }
  const count = (truth: ExpectedCall): void => {
    byDisposition[truth.disposition] = (byDisposition[truth.disposition] ?? 0) + 1
    byDirection[truth.direction] = (byDirection[truth.direction] ?? 0) + 1
    sums.calls += 1
    sums.missed += truth.missed ? 1 : 0
    sums.talkMs += truth.durationMs
    sums.answerDelayMs += truth.answerDelayMs ?? 0
  }
  return {
    begun: () => {
      scenarios.started += 1
    },
    ended: (scenario, truths) => {
      scenarios.ended += 1
      byScenario[scenario] = (byScenario[scenario] ?? 0) + 1
      for (const truth of truths) {
        count(truth)
      }
    },
    cut: (number) => {
      scenarios.cut += number
    },
    read: () => ({
      scenarios: { ...scenarios, live: scenarios.started - scenarios.ended - scenarios.cut },
      byScenario: { ...byScenario },
      byDisposition: { ...byDisposition },
      byDirection: { ...byDirection },
      ...sums,
    }),
  }
}
