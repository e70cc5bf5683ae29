// Passes events to the core, and the core's facts to the readers.
//
//   events ─> tracker ─> facts ─> missed callers ─> toll calls ─> redaction ─> metrics ─> call log ─> live feed ─> log lines
//
// Events that arrive together go through a stage one after the other, before the first of them goes through the next stage: the code of
// a stage stays in the processor's caches, which saves a tenth of what a call costs. Each stage gets them in their order. They wait at
// most until the code that delivers them returns to the event loop: no timer, scrape or request finds an event that is not handled.
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
const EMPTY: Batch = { facts: NO_FACTS, callers: NO_CALLERS, tollFacts: NO_TOLL, totals: NO_TOTALS }

/** Largest number of facts that are stored together; most events cause a few. */
const FACTS_PER_BATCH = 500

/** Events that go through the stages together. Four times as many would save another hundredth, and keep the event loop four times as long. */
const EVENTS_AT_ONCE = 50

/** Facts of one event that are stored together, and what the stages make of them. */
interface Batch {
  facts: readonly CallFact[]
  callers: readonly MissedCallerFact[]
  tollFacts: readonly TollFact[]
  totals: readonly Total[]
}

type Stage = (batch: Batch) => void

export interface Pipeline {
  /** Applies one event to the core and passes its facts to every reader, in order, before the event loop goes on; never throws. */
  handleEvent(event: PbxEvent): void
  /** True when a snapshot has facts about more calls than are passed on at once; `more` passes the next of them on. */
  hasMore(): boolean
  more(): void
  /** It is this time of the PBX (epoch ms): passes on which missed callers have waited too long. */
  advance(at: number): void
  /** Handles at once all events so far, with all of their facts. */
  finish(): void
}

export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { log } = dependencies
  const readers = guardedReaders(dependencies, (reader, error) => {
    log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
  })

  function matchCallers(batch: Batch): void {
    batch.callers = collect(batch.facts, readers.applyToMissedCallers)
  }

  function findTollCalls(batch: Batch): void {
    batch.tollFacts = collect(batch.facts, readers.applyToToll)
  }

  function redact(batch: Batch): void {
    batch.facts = readers.redactCalls(batch.facts)
    batch.callers = readers.redactMissedCallers(batch.callers)
  }

  function count(batch: Batch): void {
    const { tollFacts } = batch
    const totals = collect(both(batch), readers.observe)
    batch.totals =
      tollFacts.length === 0
        ? totals
        : [...totals, ...collect(tollFacts, readers.observe), ...readers.tollTotals(tollFacts)]
  }

  function store({ facts, totals, callers }: Batch): void {
    readers.append(facts, totals, callers)
  }

  function show(batch: Batch): void {
    for (const fact of both(batch)) {
      readers.publish(fact)
    }
  }

  function writeLines({ facts }: Batch): void {
    for (const fact of facts) {
      readers.logCall(fact)
    }
  }

  const readerStages: readonly Stage[] = [redact, count, store, show, writeLines]
  // Matching needs whole numbers, so that it comes before redaction.
  const stages: readonly Stage[] = [matchCallers, findTollCalls, ...readerStages]
  let waiting: PbxEvent[] = []

  function handleWaiting(): void {
    const events = waiting
    waiting = []
    run(stages, events.flatMap(apply))
  }

  function apply(event: PbxEvent): readonly Batch[] {
    const facts = readers.applyToTracker(event)
    if (isEndpointEvent(event)) {
      readers.applyToEndpoints(event)
    }
    readers.applyToStaffing(event)
    return toBatches(facts)
  }

  // Staffing gets them between two events, the other readers when all events are applied.
  function toBatches(facts: readonly CallFact[]): readonly Batch[] {
    for (const fact of facts) {
      readers.noteStaffing(fact)
    }
    return batchesOf(facts)
  }

  function more(): void {
    handleWaiting()
    run(stages, toBatches(readers.moreOfTracker()))
  }

  function finish(): void {
    handleWaiting()
    while (dependencies.tracker.hasMore()) {
      more()
    }
  }

  // Events that were handled meanwhile, such as a snapshot, leave the rest of their work to `more`.
  const finishWaiting = (): void => (waiting.length > 0 ? finish() : undefined)

  return {
    handleEvent(event) {
      waiting.push(event)
      if (waiting.length >= EVENTS_AT_ONCE || isAboutAll(event)) {
        handleWaiting()
      } else if (waiting.length === 1) {
        queueMicrotask(finishWaiting)
      }
    },
    hasMore: dependencies.tracker.hasMore,
    more,
    advance(at) {
      handleWaiting()
      const callers = readers.expireMissedCallers(at)
      if (callers.length > 0) {
        run(readerStages, [{ ...EMPTY, callers }])
      }
    },
    finish,
  }
}

/** All batches go through a stage before the first goes through the next one. */
function run(stages: readonly Stage[], batches: readonly Batch[]): void {
  for (const stage of stages) {
    for (const batch of batches) {
      stage(batch)
    }
  }
}

// Thousands of calls may have ended while the session was disconnected. Each batch is stored together with its counts, so that no
// fact is stored uncounted.
function batchesOf(facts: readonly CallFact[]): readonly Batch[] {
  const batches: Batch[] = []
  for (let next = 0; next < facts.length; next += FACTS_PER_BATCH) {
    batches.push({ ...EMPTY, facts: facts.slice(next, next + FACTS_PER_BATCH) })
  }
  return batches
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
function both({ facts, callers }: Batch): readonly (CallFact | MissedCallerFact)[] {
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

/** Events that can change every call: whoever delivers one asks at once whether there is more. */
function isAboutAll({ type }: PbxEvent): boolean {
  return type === 'SnapshotTaken' || type === 'ConnectionLost' || type === 'OpenCallsRestored'
}
