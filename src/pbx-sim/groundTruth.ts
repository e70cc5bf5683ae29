// The ground truth: counts of what happened, for tests to compare an exporter with.
//
// It counts calls as the product defines them, from the results that scenarios return; calls that a restart of the PBX cut have none.

import type { DestinationClass } from '../call/event.ts'
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
  /** Of outbound calls, and the countries of those abroad. */
  readonly byDestination: Readonly<Partial<Record<DestinationClass, number>>>
  readonly byCountry: Readonly<Record<string, number>>
  readonly missed: number
  /** Sum of the conversations' lengths. */
  readonly talkMs: number
  readonly answerDelayMs: number
  readonly missedCallers: MissedCallerCounts
  readonly stolen: StolenCounts
}

/** Calls that somebody steals; they are among all others. */
export interface StolenCounts {
  readonly calls: number
  readonly answered: number
  readonly talkMs: number
}

/** People outside who were missed; each counted at the end of the call that changes it. */
export interface MissedCallerCounts {
  readonly opened: number
  /** With whom nobody has spoken since. */
  readonly waiting: number
  /** A phone called back, or the caller called again, and they spoke. */
  readonly returned: number
  readonly calledAgain: number
  /** Calls back that were not answered. */
  readonly tries: number
}

export interface ScenarioFacts {
  /** The number of the person on the far side of the trunk, in any notation. */
  readonly outside: string
  readonly isStolen?: boolean
}

export interface GroundTruth {
  readonly begun: () => void
  readonly ended: (scenario: ScenarioName, truths: readonly ExpectedCall[], about: ScenarioFacts) => void
  readonly cut: (scenarios: number) => void
  /** Whether the person with this number was missed and not spoken with since. */
  readonly isWaiting: (number: string) => boolean
  /** A copy of the present counts. */
  readonly read: () => GroundTruthCounts
}

export function createGroundTruth(): GroundTruth {
  const scenarios = { started: 0, ended: 0, cut: 0 }
  const byScenario: Partial<Record<ScenarioName, number>> = {}
  const byDisposition: Partial<Record<ExpectedCall['disposition'], number>> = {}
  const byDirection: Partial<Record<ExpectedCall['direction'], number>> = {}
  const byDestination: Partial<Record<DestinationClass, number>> = {}
  const byCountry: Record<string, number> = {}
  const sums = { calls: 0, missed: 0, talkMs: 0, answerDelayMs: 0 }
  const missedCallers = createMissedCallerTruth()
  const stolen = { calls: 0, answered: 0, talkMs: 0 }
  const count = (truth: ExpectedCall): void => {
    byDisposition[truth.disposition] = (byDisposition[truth.disposition] ?? 0) + 1
    byDirection[truth.direction] = (byDirection[truth.direction] ?? 0) + 1
    if (truth.destination !== null && truth.disposition !== 'merged') {
      const { class: kind, country } = truth.destination
      byDestination[kind] = (byDestination[kind] ?? 0) + 1
      byCountry[country] = (byCountry[country] ?? 0) + 1
    }
    sums.calls += 1
    sums.missed += truth.missed ? 1 : 0
    sums.talkMs += truth.durationMs
    sums.answerDelayMs += truth.answerDelayMs ?? 0
  }
  return {
    begun: () => {
      scenarios.started += 1
    },
    ended: (scenario, truths, { outside, isStolen = false }) => {
      scenarios.ended += 1
      byScenario[scenario] = (byScenario[scenario] ?? 0) + 1
      for (const truth of truths) {
        count(truth)
        missedCallers.note(truth, outside)
        stolen.calls += isStolen ? 1 : 0
        stolen.answered += isStolen && truth.answeredAt !== null ? 1 : 0
        stolen.talkMs += isStolen ? truth.durationMs : 0
      }
    },
    cut: (number) => {
      scenarios.cut += number
    },
    isWaiting: missedCallers.isWaiting,
    read: () => ({
      scenarios: { ...scenarios, live: scenarios.started - scenarios.ended - scenarios.cut },
      byScenario: { ...byScenario },
      byDisposition: { ...byDisposition },
      byDirection: { ...byDirection },
      byDestination: { ...byDestination },
      byCountry: { ...byCountry },
      ...sums,
      missedCallers: missedCallers.read(),
      stolen: { ...stolen },
    }),
  }
}

function createMissedCallerTruth() {
  const waiting = new Set<string>()
  const counts = { opened: 0, returned: 0, calledAgain: 0, tries: 0 }
  const open = (key: string): void => {
    counts.opened += waiting.has(key) ? 0 : 1
    waiting.add(key)
  }
  return {
    note({ direction, missed, answeredAt, caller }: ExpectedCall, outside: string): void {
      const key = keyOf(direction === 'inbound' ? caller : outside)
      // Without a number, nobody can call back.
      if (key === '') {
        return
      }
      if (direction === 'inbound' && missed) {
        open(key)
      } else if (direction === 'inbound' && answeredAt !== null && waiting.delete(key)) {
        counts.calledAgain += 1
      } else if (direction === 'outbound' && answeredAt !== null && waiting.delete(key)) {
        counts.returned += 1
      } else if (direction === 'outbound' && waiting.has(key)) {
        counts.tries += 1
      }
    },
    isWaiting: (number: string) => waiting.has(keyOf(number)),
    read: (): MissedCallerCounts => ({ ...counts, waiting: waiting.size }),
  }
}

/** The numbers of the simulation have nine digits after the prefix of their notation. */
function keyOf(number: string): string {
  return number.slice(-9)
}
