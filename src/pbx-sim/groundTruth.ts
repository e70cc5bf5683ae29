// The count of what truly happened, for tests to compare an exporter with.
//
// It counts calls as the product defines them, from the truth that scenarios state; cut calls (the PBX went down) have none.

import type { CallTruth } from './asterisk/call.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'

export interface TruthTotals {
  /** Scenarios begun, ended with a truth, and cut by a restart or kill. */
  readonly scenarios: { readonly started: number; readonly ended: number; readonly cut: number; readonly live: number }
  readonly byScenario: Readonly<Partial<Record<ScenarioName, number>>>
  /** Calls that ended (a scenario may make several), in all and by disposition and direction. */
  readonly calls: number
  readonly byDisposition: Readonly<Partial<Record<CallTruth['disposition'], number>>>
  readonly byDirection: Readonly<Partial<Record<CallTruth['direction'], number>>>
  readonly missed: number
  /** Sum of the conversations' lengths. */
  readonly talkMs: number
  readonly answerDelayMs: number
}

export interface Totals {
  readonly begun: () => void
  readonly ended: (scenario: ScenarioName, truths: readonly CallTruth[]) => void
  readonly cut: (scenarios: number) => void
  /** A copy of the count as it stands. */
  readonly read: () => TruthTotals
}

export function createTotals(): Totals {
  const scenarios = { started: 0, ended: 0, cut: 0 }
  const byScenario: Partial<Record<ScenarioName, number>> = {}
  const byDisposition: Partial<Record<CallTruth['disposition'], number>> = {}
  const byDirection: Partial<Record<CallTruth['direction'], number>> = {}
  const sums = { calls: 0, missed: 0, talkMs: 0, answerDelayMs: 0 }
  const count = (truth: CallTruth): void => {
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
