// Derives from each fact what it adds to the metrics, with the `from` of the catalogue's entries.

import type { Destination } from '../call/event.ts'
import {
  type CounterKey,
  catalogueEntries,
  type HistogramKey,
  isCounterKey,
  isHistogramKey,
} from './catalogue/catalogue.ts'
import type { CountedFact, Derivation, Fact, Sample } from './catalogue/entry.ts'
import type { OpenLabel } from './catalogue/labelValues.ts'
import type { Origin } from './exemplars.ts'
import type { Labels } from './totals.ts'

/** A counter grows by `value`, a histogram observes it. */
export interface Observation extends Sample<Labels> {
  readonly metric: CounterKey | HistogramKey
}

interface Derived {
  readonly metric: CounterKey | HistogramKey
  readonly from: Derivation<Labels>
}

/** The metrics that a fact adds to, by its type. */
const DERIVED = derivedByType()

function derivedByType(): ReadonlyMap<string, readonly Derived[]> {
  const byType = new Map<string, Derived[]>()
  for (const [metric, entry] of catalogueEntries()) {
    if (entry.type === 'gauge' || entry.from === undefined || !(isCounterKey(metric) || isHistogramKey(metric))) {
      continue
    }
    for (const type of Object.keys(entry.from)) {
      byType.set(type, [...(byType.get(type) ?? []), { metric, from: entry.from }])
    }
  }
  return byType
}

/** What a fact adds to the metrics; most facts add nothing. */
export function observationsOf(fact: Fact): readonly Observation[] {
  switch (fact.type) {
    case 'CallEnded':
    case 'LegEnded':
    case 'QueueLeft':
    case 'LegInTrouble':
    case 'NumberDialed':
    case 'CallsReconciled':
    case 'MissedCallerClosed':
    case 'UnknownCallerMissed':
    case 'TollCallTried': {
      const found: Observation[] = []
      for (const { metric, from } of DERIVED.get(fact.type) ?? []) {
        for (const { labels, value } of samplesOf(from, fact)) {
          found.push({ metric, labels, value })
        }
      }
      return found
    }
    case 'CallStarted':
    case 'CallChanged':
    case 'CallAnswered':
    case 'LegStarted':
    case 'LegChanged':
    case 'MissedCallerOpened':
    case 'MissedCallerChanged':
    case 'CountryFirstCalled': {
      return []
    }
  }
}

const NONE: readonly Sample<Labels>[] = []

function samplesOf(from: Derivation<Labels>, fact: CountedFact): readonly Sample<Labels>[] {
  switch (fact.type) {
    case 'CallEnded': {
      return from.CallEnded?.(fact) ?? NONE
    }
    case 'LegEnded': {
      return from.LegEnded?.(fact) ?? NONE
    }
    case 'QueueLeft': {
      return from.QueueLeft?.(fact) ?? NONE
    }
    case 'LegInTrouble': {
      return from.LegInTrouble?.(fact) ?? NONE
    }
    case 'NumberDialed': {
      return from.NumberDialed?.(fact) ?? NONE
    }
    case 'CallsReconciled': {
      return from.CallsReconciled?.(fact) ?? NONE
    }
    case 'MissedCallerClosed': {
      return from.MissedCallerClosed?.(fact) ?? NONE
    }
    case 'UnknownCallerMissed': {
      return from.UnknownCallerMissed?.(fact) ?? NONE
    }
    case 'TollCallTried': {
      return from.TollCallTried?.(fact) ?? NONE
    }
  }
}

/**
 * The call that the values of a fact come from, and when; null if there is none. `now` returns epoch ms: a later time of an event is
 * replaced by it, because the exemplar would otherwise replace all others until that time.
 */
export function originOf(fact: Fact, now: () => number): Origin | null {
  switch (fact.type) {
    case 'CallEnded': {
      return { callId: fact.call.channelId, at: Math.min(fact.at, now()) }
    }
    case 'LegEnded': {
      return { callId: fact.leg.callId, at: Math.min(fact.at, now()) }
    }
    default: {
      return null
    }
  }
}

/** A name from the PBX in a fact, and the label that has it as a value. */
export interface OpenValue {
  readonly label: Exclude<OpenLabel, 'endpoint'>
  readonly value: string
}

/** The parties in a fact; their series are created at 0, before there is anything to count. */
export function openValuesOf(fact: Fact): readonly OpenValue[] {
  switch (fact.type) {
    case 'CallStarted':
    case 'CallChanged':
    case 'CallAnswered':
    case 'CallEnded': {
      const { callerEndpoint, callerRole, queue, destination } = fact.call
      const caller: OpenValue = { label: callerRole === 'trunk' ? 'trunk' : 'operator', value: callerEndpoint }
      const waitsIn: readonly OpenValue[] = queue === null ? [] : [{ label: 'queue', value: queue }]
      return [caller, ...waitsIn, ...countryOf(destination)]
    }
    case 'NumberDialed': {
      return countryOf(fact.leg.destination)
    }
    case 'LegStarted':
    case 'LegChanged':
    case 'LegEnded': {
      const { endpoint, endpointRole } = fact.leg
      return [{ label: endpointRole === 'trunk' ? 'trunk' : 'operator', value: endpoint }]
    }
    case 'QueueLeft': {
      return [{ label: 'queue', value: fact.wait.queue }]
    }
    case 'LegInTrouble':
    case 'CallsReconciled':
    case 'MissedCallerOpened':
    case 'MissedCallerChanged':
    case 'MissedCallerClosed':
    case 'UnknownCallerMissed':
    case 'TollCallTried':
    case 'CountryFirstCalled': {
      return []
    }
  }
}

function countryOf(destination: Destination | null): readonly OpenValue[] {
  return destination === null || destination.country === '' ? [] : [{ label: 'country', value: destination.country }]
}
