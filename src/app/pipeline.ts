// Passes each event to the core, and the core's facts to the readers.
//
// An exception in one reader stops neither the other readers nor the socket. It is a bug: it is logged as an error, and the next
// event is handled as usual.

import type { PbxEvent } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { Tracker } from '../call/tracker.ts'
import type { MissedCallerFact } from '../callback/missedCaller.ts'
import type { MissedCallers } from '../callback/missedCallers.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'
import type { TollFact } from '../fraud/tollCall.ts'
import type { Logger } from '../log.ts'
import type { Staffing } from '../staffing/staffing.ts'
import type { Total } from '../totals/total.ts'

export interface PipelineDependencies {
  readonly tracker: Tracker
  readonly endpoints: Pick<Endpoints, 'apply'>
  readonly log: Logger
  /** Runs first: the totals that it returns are written in one transaction with the rows. */
  readonly observe: (fact: CallFact | MissedCallerFact | TollFact) => readonly Total[]
  readonly append: (
    facts: readonly CallFact[],
    totals: readonly Total[],
    missedCallers: readonly MissedCallerFact[],
  ) => void
  /** Gets the facts as the core reports them; what it makes of them goes to the readers together with the facts. */
  readonly missedCallers?: Pick<MissedCallers, 'apply' | 'advance'>
  /** Gets the facts as the core reports them; what is to be stored of it goes to the call log together with the facts. */
  readonly toll?: {
    readonly apply: (fact: CallFact) => readonly TollFact[]
    readonly totals: (facts: readonly TollFact[]) => readonly Total[]
  }
  /** Gets the events and the facts as they are. */
  readonly staffing?: Pick<Staffing, 'apply' | 'note'>
  readonly logCall: (fact: CallFact) => void
  /** The live feed; runs after the call log, so that the row of the call is known. */
  readonly publish?: (fact: CallFact | MissedCallerFact) => void
  /** Applied to each fact before the readers get it. */
  readonly redact?: Redaction
}

/** Removes from facts what must not be stored or shown. */
export interface Redaction {
  readonly call: (fact: CallFact) => CallFact
  readonly missedCaller: (fact: MissedCallerFact) => MissedCallerFact
}

const NO_CALLERS: readonly MissedCallerFact[] = []
const NO_TOLL: readonly TollFact[] = []
const NO_TOTALS: readonly Total[] = []

/** Largest number of facts that are stored together; most events cause a few. */
const FACTS_PER_BATCH = 500

export interface Pipeline {
  /** Applies one event to the core and passes its facts to every reader, in order; never throws. */
  handleEvent(event: PbxEvent): void
  /** True when the latest event has facts about more calls than are passed on at once; `more` passes the next of them on. */
  hasMore(): boolean
  more(): void
  /** It is this time of the PBX (epoch ms): passes on which missed callers have waited too long. */
  advance(at: number): void
  /** Passes on all of them. */
  finish(): void
}

export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { tracker, endpoints, log, redact, publish, missedCallers, staffing, toll } = dependencies

  function guarded<T>(reader: string, fallback: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
      return fallback
    }
  }

  function observe(fact: CallFact | MissedCallerFact | TollFact): readonly Total[] {
    return guarded('metrics', NO_TOTALS, () => dependencies.observe(fact))
  }

  function record(
    facts: readonly CallFact[],
    callers: readonly MissedCallerFact[],
    tollFacts: readonly TollFact[],
  ): void {
    const totals = both(facts, callers).flatMap(observe)
    const tollTotals =
      tollFacts.length === 0 ? NO_TOTALS : [...tollFacts.flatMap(observe), ...(toll?.totals(tollFacts) ?? NO_TOTALS)]
    guarded('call log', undefined, () => dependencies.append(facts, [...totals, ...tollTotals], callers))
  }

  function show(facts: readonly CallFact[], callers: readonly MissedCallerFact[]): void {
    if (publish !== undefined) {
      guarded('live feed', undefined, () => both(facts, callers).forEach(publish))
    }
    guarded('log lines', undefined, () => facts.forEach(dependencies.logCall))
  }

  function passOn(facts: readonly CallFact[], callers: readonly MissedCallerFact[], tollFacts = NO_TOLL): void {
    const shown = redact === undefined ? facts : guarded('redaction', [], () => facts.map(redact.call))
    const shownCallers = redact === undefined ? callers : callers.map(redact.missedCaller)
    record(shown, shownCallers, tollFacts)
    show(shown, shownCallers)
  }

  // In batches, because thousands of calls may have ended while the session was disconnected. Each batch is stored together with its
  // counts, so that no fact is stored uncounted. Matching needs whole numbers, so that it comes before redaction.
  function report(facts: readonly CallFact[]): void {
    guarded('staffing', undefined, () => (staffing === undefined ? undefined : facts.forEach(staffing.note)))
    for (let next = 0; next < facts.length; next += FACTS_PER_BATCH) {
      const batch = facts.slice(next, next + FACTS_PER_BATCH)
      const callers = batch.flatMap((fact) =>
        guarded('missed callers', NO_CALLERS, () => missedCallers?.apply(fact) ?? NO_CALLERS),
      )
      const tollFacts = batch.flatMap((fact) => guarded('toll calls', NO_TOLL, () => toll?.apply(fact) ?? NO_TOLL))
      passOn(batch, callers, tollFacts)
    }
  }

  function more(): void {
    report(guarded('tracker', [], tracker.more))
  }

  return {
    handleEvent(event) {
      const facts = guarded('tracker', [], () => tracker.apply(event))
      if (isEndpointEvent(event)) {
        guarded('endpoints', undefined, () => endpoints.apply(event))
      }
      guarded('staffing', undefined, () => staffing?.apply(event))
      report(facts)
    },
    hasMore: tracker.hasMore,
    more,
    advance(at) {
      const expired = guarded('missed callers', NO_CALLERS, () => missedCallers?.advance(at) ?? NO_CALLERS)
      if (expired.length > 0) {
        passOn([], expired)
      }
    },
    finish() {
      while (tracker.hasMore()) {
        more()
      }
    },
  }
}

// Most facts mean nothing for missed callers.
function both(
  facts: readonly CallFact[],
  callers: readonly MissedCallerFact[],
): readonly (CallFact | MissedCallerFact)[] {
  return callers.length === 0 ? facts : [...facts, ...callers]
}

function isEndpointEvent(
  event: PbxEvent,
): event is Extract<PbxEvent, { type: 'EndpointChanged' | 'ContactChanged' | 'SnapshotTaken' | 'ConnectionLost' }> {
  switch (event.type) {
    case 'EndpointChanged':
    case 'ContactChanged':
    case 'SnapshotTaken':
    case 'ConnectionLost':
      return true
    default:
      return false
  }
}
