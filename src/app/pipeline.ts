// Passes each event to the core, and the core's facts to the readers.
//
// An exception in one reader stops neither the other readers nor the socket. It is a bug: it is logged as an error, and the next
// event is handled as usual.

import type { PbxEvent } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { Tracker } from '../call/tracker.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'
import type { Logger } from '../log.ts'
import type { Total } from '../totals/total.ts'

export interface PipelineDependencies {
  readonly tracker: Tracker
  readonly endpoints: Endpoints
  readonly log: Logger
  /** Runs first: the totals that it returns are written in one transaction with the rows. */
  readonly observe: (fact: CallFact) => readonly Total[]
  readonly append: (facts: readonly CallFact[], totals: readonly Total[]) => void
  readonly logCall: (fact: CallFact) => void
  /** The live feed; runs after the call log, so that the row of the call is known. */
  readonly publish?: (fact: CallFact) => void
  /** Schedules `resume` for a later turn of the event loop; without it, all facts are handled at once. */
  readonly defer?: (resume: () => void) => void
  /** Applied to each fact before the readers get it. */
  readonly redact?: (fact: CallFact) => CallFact
}

/** Largest number of facts that are stored together; most events cause a few. */
const FACTS_PER_BATCH = 500

/** The pipeline yields to the event loop after about this many facts. */
const FACTS_PER_TURN = 100

export interface Pipeline {
  /** Applies one event to the core and passes its facts to every reader, in order; never throws. */
  handleEvent(event: PbxEvent): void
  /** Handles at once everything that was deferred. */
  finish(): void
}

/** Events that arrive while the facts of an earlier one are still deferred are queued. */
export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { tracker, endpoints, log, redact, publish, defer } = dependencies
  const redacted = (facts: readonly CallFact[]) => (redact === undefined ? facts : facts.map(redact))

  function guarded<T>(reader: string, fallback: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
      return fallback
    }
  }

  function apply(event: PbxEvent): number {
    const facts = guarded('tracker', [], () => redacted(tracker.apply(event)))
    if (isEndpointEvent(event)) {
      guarded('endpoints', undefined, () => endpoints.apply(event))
    }
    return report(facts)
  }

  /** Returns how many facts there were. */
  function report(facts: readonly CallFact[]): number {
    // In batches, because thousands of calls may have ended while the session was disconnected. Each batch is stored together with
    // its counts, so that no fact is stored uncounted.
    for (let next = 0; next < facts.length; next += FACTS_PER_BATCH) {
      const batch = facts.slice(next, next + FACTS_PER_BATCH)
      const totals = batch.flatMap((fact) => guarded('metrics', [], () => [...dependencies.observe(fact)]))
      guarded('call log', undefined, () => dependencies.append(batch, totals))
    }
    if (facts.length === 0) {
      return 0
    }
    if (publish !== undefined) {
      guarded('live feed', undefined, () => facts.forEach(publish))
    }
    guarded('log lines', undefined, () => facts.forEach(dependencies.logCall))
    return facts.length
  }

  let waiting: PbxEvent[] = []
  let work: Iterator<number> | null = null

  function* handleWaiting(): Generator<number> {
    while (tracker.hasMore()) {
      yield report(guarded('tracker', [], () => redacted(tracker.more())))
    }
    for (const event of waiting) {
      yield 1 + apply(event)
      while (tracker.hasMore()) {
        yield report(guarded('tracker', [], () => redacted(tracker.more())))
      }
    }
  }

  function resume(most = FACTS_PER_TURN): void {
    for (let reported = 0; work !== null && reported < most; ) {
      const { done, value } = work.next()
      if (done !== true) {
        reported += value
      } else {
        ;[work, waiting] = [null, []]
      }
    }
    if (work !== null) {
      defer?.(resume)
    }
  }

  return {
    handleEvent(event) {
      if (work !== null) {
        waiting.push(event)
        return
      }
      apply(event)
      if (!tracker.hasMore()) {
        return
      }
      work = handleWaiting()
      if (defer === undefined) {
        resume(Infinity)
      } else {
        defer(resume)
      }
    },
    finish: () => resume(Infinity),
  }
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
