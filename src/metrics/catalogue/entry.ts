// The types of the catalogue's entries, and functions that declare a metric with what facts add to it.
//
// Source of the rules: Prometheus naming (base units, `_total` for counters) and the exposition format.

import type { CallFact } from '../../call/fact.ts'
import type { MissedCallerFact } from '../../callback/missedCaller.ts'
import type { TollFact } from '../../fraud/tollCall.ts'

/**
 * The values that a label can have: a closed list; `open` (names from the PBX, or countries, limited in number, the others are `other`);
 * `open or empty` (likewise, and empty where there is no such party); `external` (a closed list that another folder owns and that is passed in at start); `info` (one series, whatever the value).
 */
export type LabelValues = readonly string[] | 'open' | 'open or empty' | 'external' | 'info'

/** Whether the values are limited in number, and in no list. */
export function isOpen(values: LabelValues | undefined): boolean {
  return values === 'open' || values === 'open or empty'
}

type LabelLists = Readonly<Record<string, LabelValues>>

/** One label set that these lists allow. */
export type LabelsFor<Lists extends LabelLists> = {
  readonly [Label in keyof Lists]: Lists[Label] extends readonly (infer Value)[] ? Value : string
}

/** By how much a counter grows, or a value that a histogram observes; in the metric's own unit. */
export interface Sample<Labels> {
  readonly labels: Labels
  readonly value: number
}

/** The facts that add to metrics; all others report something unfinished. */
export type CountedFact =
  | Extract<
      CallFact,
      { type: 'CallEnded' | 'LegEnded' | 'QueueLeft' | 'LegInTrouble' | 'NumberDialed' | 'CallsReconciled' }
    >
  | Extract<MissedCallerFact, { type: 'MissedCallerClosed' | 'UnknownCallerMissed' }>
  | Extract<TollFact, { type: 'TollCallTried' }>

/** Everything that happened: calls, and what they mean for missed callers and for fraud. */
export type Fact = CallFact | MissedCallerFact | TollFact

/** What a fact adds to one metric, by the type of the fact; a missing type adds nothing. */
export type Derivation<Labels> = {
  readonly [Type in CountedFact['type']]?: (fact: Extract<CountedFact, { type: Type }>) => readonly Sample<Labels>[]
}

/**
 * `stable`: name, type and labels stay until the next major version. `experimental`: they may change in any version, because what is
 * counted is new, an estimate, or a matter of how the program works inside.
 */
export type Stability = 'stable' | 'experimental'

/** What each metric of this program has in addition. */
export interface Rated {
  readonly stability: Stability
}

/** What every metric has. `help` is one sentence that names the unit. */
interface Described<Lists extends LabelLists> {
  readonly name: string
  readonly help: string
  readonly labels: Lists
}

/** `persisted`: its series are stored in the call log and continue after a restart. Without `from`, code elsewhere counts. */
export interface CounterEntry<Lists extends LabelLists = LabelLists> extends Described<Lists> {
  readonly type: 'counter'
  readonly persisted: boolean
  /** Whether a combination of label values can occur; by default all can. The others have no series. */
  readonly exists?: (labels: Readonly<Record<string, string>>) => boolean
  /** Labels that an earlier version stored under another name: old name -> new name. */
  readonly formerLabels?: Readonly<Record<string, string>>
  readonly from?: Derivation<LabelsFor<Lists>>
}

export interface GaugeEntry<Lists extends LabelLists = LabelLists> extends Described<Lists> {
  readonly type: 'gauge'
}

/**
 * `buckets`: upper bounds, ascending, in the metric's unit; `+Inf` is implied. `exemplars`: each bucket carries the id of the
 * call that its latest value came from.
 */
export interface HistogramEntry<Lists extends LabelLists = LabelLists> extends Described<Lists> {
  readonly type: 'histogram'
  readonly persisted: boolean
  readonly exemplars?: true
  readonly buckets: readonly number[]
  readonly from?: Derivation<LabelsFor<Lists>>
}

export type MetricEntry = CounterEntry | GaugeEntry | HistogramEntry

/** An entry of the catalogue. */
export type OwnMetric = MetricEntry & Rated

/** A part of the catalogue: entries by the key that the code uses. */
export type MetricFamily = Readonly<Record<string, OwnMetric>>

/** A counter whose `from` may only return labels that `labels` allows. */
export function counter<const Lists extends LabelLists>(
  entry: Omit<CounterEntry<Lists> & Rated, 'type'>,
): CounterEntry<Lists> & Rated {
  return { type: 'counter', ...entry }
}

/** The same for a histogram. */
export function histogram<const Lists extends LabelLists>(
  entry: Omit<HistogramEntry<Lists> & Rated, 'type'>,
): HistogramEntry<Lists> & Rated {
  return { type: 'histogram', ...entry }
}
