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
  /** Applied to each fact before the readers get it. */
  readonly redact?: (fact: CallFact) => CallFact
}

/** Largest number of facts that are stored together; most events cause a few. */
const FACTS_PER_BATCH = 500

export interface Pipeline {
  /** Applies one event to the core and passes its facts to every reader, in order; never throws. */
  handleEvent(event: PbxEvent): void
  /** True when the latest event has facts about more calls than are passed on at once; `more` passes the next of them on. */
  hasMore(): boolean
  more(): void
  /** Passes on all of them. */
  finish(): void
}

export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { tracker, endpoints, log, redact, publish } = dependencies
  const redacted = (facts: readonly CallFact[]) => (redact === undefined ? facts : facts.map(redact))

  function guarded<T>(reader: string, fallback: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
      return fallback
    }
  }

  function report(facts: readonly CallFact[]): void {
    // In batches, because thousands of calls may have ended while the session was disconnected. Each batch is stored together with
    // its counts, so that no fact is stored uncounted.
    for (let next = 0; next < facts.length; next += FACTS_PER_BATCH) {
      const batch = facts.slice(next, next + FACTS_PER_BATCH)
      const totals = batch.flatMap((fact) => guarded('metrics', [], () => [...dependencies.observe(fact)]))
      guarded('call log', undefined, () => dependencies.append(batch, totals))
    }
    if (facts.length === 0) {
      return
    }
    if (publish !== undefined) {
      guarded('live feed', undefined, () => facts.forEach(publish))
    }
    guarded('log lines', undefined, () => facts.forEach(dependencies.logCall))
  }

  function more(): void {
    report(guarded('tracker', [], () => redacted(tracker.more())))
  }

  return {
    handleEvent(event) {
      const facts = guarded('tracker', [], () => redacted(tracker.apply(event)))
      if (isEndpointEvent(event)) {
        guarded('endpoints', undefined, () => endpoints.apply(event))
      }
      report(facts)
    },
    hasMore: tracker.hasMore,
    more,
    finish() {
      while (tracker.hasMore()) {
        more()
      }
    },
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
