// The loop: an event goes to the core, its facts go to the readers.
//
// Each reader stands behind a guard of its own: what one of them does wrong must neither stop the other nor the
// socket. Such a failure is a bug of ours; it is logged, loudly, and the next event is taken as usual.

import type { Logger } from 'pino'
import type { PbxEvent } from './call/event.ts'
import type { CallFact } from './call/fact.ts'
import type { Tracker } from './call/tracker.ts'
import type { Endpoints } from './endpoint/endpoints.ts'

/**
 * An amount to add to a stored sum: how counters survive a restart. The metrics make them, the call log keeps them. Below 0
 * where an amount that nobody was told of yet is moved to another sum.
 */
export interface Total {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface PipelineDependencies {
  readonly tracker: Tracker
  readonly endpoints: Endpoints
  readonly log: Logger
  /** First the numbers, so that what they add up to is written in one transaction with the rows. */
  readonly observe: (fact: CallFact) => readonly Total[]
  readonly append: (facts: readonly CallFact[], totals: readonly Total[]) => void
  readonly narrate: (fact: CallFact) => void
  /** Those who watch live; after the log, which then knows the row of the call. */
  readonly broadcast?: (fact: CallFact) => void
  /** What the readers are shown of a fact; unset: all of it. */
  readonly show?: (fact: CallFact) => CallFact
}

/** Facts that are counted and stored together, at most; a plain event brings a few. */
const FACTS_A_PIECE = 500

/** Takes one event through the core and to every reader; never throws. */
export function createPipeline(dependencies: PipelineDependencies): (event: PbxEvent) => void {
  const { tracker, endpoints, log, show, broadcast } = dependencies
  const shown = (facts: readonly CallFact[]) => (show === undefined ? facts : facts.map(show))

  function guarded<T>(reader: string, fallback: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
      return fallback
    }
  }

  return (event) => {
    const facts = guarded('tracker', [], () => shown(tracker.apply(event)))
    if (isEndpointEvent(event)) guarded('endpoints', undefined, () => endpoints.apply(event))
    // In pieces: a gap in which everybody hung up must not become one batch of the log. What is not counted must not be stored,
    // so the numbers go with their own facts.
    for (let next = 0; next < facts.length; next += FACTS_A_PIECE) {
      const piece = facts.slice(next, next + FACTS_A_PIECE)
      const totals = piece.flatMap((fact) => guarded('metrics', [], () => [...dependencies.observe(fact)]))
      guarded('call log', undefined, () => dependencies.append(piece, totals))
    }
    if (facts.length === 0) return
    if (broadcast !== undefined) guarded('live feed', undefined, () => facts.forEach(broadcast))
    guarded('narration', undefined, () => facts.forEach(dependencies.narrate))
  }
}

function isEndpointEvent(
  event: PbxEvent,
): event is Extract<PbxEvent, { type: 'EndpointChanged' | 'ContactChanged' | 'SnapshotTaken' | 'SightLost' }> {
  switch (event.type) {
    case 'EndpointChanged':
    case 'ContactChanged':
    case 'SnapshotTaken':
    case 'SightLost':
      return true
    default:
      return false
  }
}
