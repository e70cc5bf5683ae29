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

const NO_FACTS: readonly CallFact[] = []
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
  const { log } = dependencies
  const readers = guardedReaders(dependencies, (reader, error) => {
    log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
  })

  function record(
    facts: readonly CallFact[],
    callers: readonly MissedCallerFact[],
    tollFacts: readonly TollFact[],
  ): void {
    const totals = collect(both(facts, callers), readers.observe)
    const tollTotals =
      tollFacts.length === 0 ? NO_TOTALS : [...collect(tollFacts, readers.observe), ...readers.tollTotals(tollFacts)]
    readers.append(facts, [...totals, ...tollTotals], callers)
  }

  function show(facts: readonly CallFact[], callers: readonly MissedCallerFact[]): void {
    for (const fact of both(facts, callers)) {
      readers.publish(fact)
    }
    for (const fact of facts) {
      readers.logCall(fact)
    }
  }

  function passOn(facts: readonly CallFact[], callers: readonly MissedCallerFact[], tollFacts = NO_TOLL): void {
    const [shown, shownCallers] = [readers.redactCalls(facts), readers.redactMissedCallers(callers)]
    record(shown, shownCallers, tollFacts)
    show(shown, shownCallers)
  }

  // In batches, because thousands of calls may have ended while the session was disconnected. Each batch is stored together with its
  // counts, so that no fact is stored uncounted. Matching needs whole numbers, so that it comes before redaction.
  function report(facts: readonly CallFact[]): void {
    for (const fact of facts) {
      readers.noteStaffing(fact)
    }
    for (let next = 0; next < facts.length; next += FACTS_PER_BATCH) {
      const batch = facts.slice(next, next + FACTS_PER_BATCH)
      passOn(batch, collect(batch, readers.applyToMissedCallers), collect(batch, readers.applyToToll))
    }
  }

  function more(): void {
    report(readers.moreOfTracker())
  }

  return {
    handleEvent(event) {
      const facts = readers.applyToTracker(event)
      if (isEndpointEvent(event)) {
        readers.applyToEndpoints(event)
      }
      readers.applyToStaffing(event)
      report(facts)
    },
    hasMore: dependencies.tracker.hasMore,
    more,
    advance(at) {
      const expired = readers.expireMissedCallers(at)
      if (expired.length > 0) {
        passOn([], expired)
      }
    },
    finish() {
      while (dependencies.tracker.hasMore()) {
        more()
      }
    },
  }
}

/**
 * The readers. One that throws, or that there is not, returns its fallback; `failed` is told of an exception. They are wrapped once: V8
 * forgets the compiled code of a function that is created for each event whenever it collects garbage, and compiles it again.
 */
function guardedReaders(parts: PipelineDependencies, failed: (reader: string, error: unknown) => void) {
  function guarded<Input extends readonly unknown[], Output>(
    reader: string,
    fallback: Output,
    run: ((...input: Input) => Output) | undefined,
  ): (...input: Input) => Output {
    if (run === undefined) {
      return () => fallback
    }
    return (...input) => {
      try {
        return run(...input)
      } catch (error) {
        failed(reader, error)
        return fallback
      }
    }
  }
  const { tracker, missedCallers, toll, staffing, redact } = parts
  return {
    applyToTracker: guarded('tracker', NO_FACTS, tracker.apply),
    moreOfTracker: guarded('tracker', NO_FACTS, tracker.more),
    applyToEndpoints: guarded('endpoints', undefined, parts.endpoints.apply),
    applyToStaffing: guarded('staffing', undefined, staffing?.apply),
    noteStaffing: guarded('staffing', undefined, staffing?.note),
    applyToMissedCallers: guarded('missed callers', NO_CALLERS, missedCallers?.apply),
    expireMissedCallers: guarded('missed callers', NO_CALLERS, missedCallers?.advance),
    applyToToll: guarded('toll calls', NO_TOLL, toll?.apply),
    tollTotals: guarded('toll calls', NO_TOTALS, toll?.totals),
    observe: guarded('metrics', NO_TOTALS, parts.observe),
    append: guarded('call log', undefined, parts.append),
    publish: guarded('live feed', undefined, parts.publish),
    logCall: guarded('log lines', undefined, parts.logCall),
    // What cannot be redacted is neither stored nor shown.
    redactCalls: guarded('redaction', NO_FACTS, mapper(redact?.call)),
    redactMissedCallers: guarded('redaction', NO_CALLERS, mapper(redact?.missedCaller)),
  }
}

function mapper<T>(change: ((one: T) => T) | undefined): (all: readonly T[]) => readonly T[] {
  return change === undefined ? (all) => all : (all) => all.map(change)
}

/** What a reader makes of each fact; mostly nothing. */
function collect<Fact, Result>(facts: readonly Fact[], of: (fact: Fact) => readonly Result[]): readonly Result[] {
  const found: Result[] = []
  for (const fact of facts) {
    for (const result of of(fact)) {
      found.push(result)
    }
  }
  return found
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
