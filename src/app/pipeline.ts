// The loop: an event goes to the core, its facts go to the readers.
//
// Each reader stands behind a guard of its own: what one of them does wrong must neither stop the other nor the
// socket. Such a failure is a bug of ours; it is logged, loudly, and the next event is taken as usual.

import type { Logger } from 'pino'
import type { PbxEvent } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { Tracker } from '../call/tracker.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'

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
  /** Gives the loop back and then goes on, when much is to be told at once; unset: nothing is put off. */
  readonly later?: (goOn: () => void) => void
  /** What the readers are shown of a fact; unset: all of it. */
  readonly show?: (fact: CallFact) => CallFact
}

/** Facts that are counted and stored together, at most; a plain event brings a few. */
const FACTS_A_PIECE = 500

/** Facts that are told before the loop is given back, about; a plain event brings a few. */
const FACTS_A_TURN = 100

export interface Pipeline {
  /** Takes one event through the core and to every reader, in order; never throws. */
  take(event: PbxEvent): void
  /** Does at once what was put off. */
  finish(): void
}

/** The parts put in line; what comes while one event is still told in turns waits for its own. */
export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { tracker, endpoints, log, show, broadcast, later } = dependencies
  const shown = (facts: readonly CallFact[]) => (show === undefined ? facts : facts.map(show))

  function guarded<T>(reader: string, fallback: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      log.error({ err: error, reader }, 'a reader failed: this is a bug, please report it')
      return fallback
    }
  }

  function apply(event: PbxEvent): number {
    const facts = guarded('tracker', [], () => shown(tracker.apply(event)))
    if (isEndpointEvent(event)) guarded('endpoints', undefined, () => endpoints.apply(event))
    return tell(facts)
  }

  /** Returns how many facts there were. */
  function tell(facts: readonly CallFact[]): number {
    // In pieces: a gap in which everybody hung up must not become one batch of the log. What is not counted must not be stored,
    // so the numbers go with their own facts.
    for (let next = 0; next < facts.length; next += FACTS_A_PIECE) {
      const piece = facts.slice(next, next + FACTS_A_PIECE)
      const totals = piece.flatMap((fact) => guarded('metrics', [], () => [...dependencies.observe(fact)]))
      guarded('call log', undefined, () => dependencies.append(piece, totals))
    }
    if (facts.length === 0) return 0
    if (broadcast !== undefined) guarded('live feed', undefined, () => facts.forEach(broadcast))
    guarded('narration', undefined, () => facts.forEach(dependencies.narrate))
    return facts.length
  }

  // Events that come while one is under way wait their turn here.
  let waiting: PbxEvent[] = []
  let work: Iterator<number> | null = null

  function* workOff(): Generator<number> {
    while (tracker.hasMore()) yield tell(guarded('tracker', [], () => shown(tracker.more())))
    for (const event of waiting) {
      yield 1 + apply(event)
      while (tracker.hasMore()) yield tell(guarded('tracker', [], () => shown(tracker.more())))
    }
  }

  function goOn(most = FACTS_A_TURN): void {
    for (let told = 0; work !== null && told < most; ) {
      const { done, value } = work.next()
      if (done !== true) told += value
      else [work, waiting] = [null, []]
    }
    if (work !== null) later?.(goOn)
  }

  return {
    take(event) {
      if (work !== null) {
        waiting.push(event)
        return
      }
      apply(event)
      if (!tracker.hasMore()) return
      work = workOff()
      if (later === undefined) goOn(Infinity)
      else later(goOn)
    },
    finish: () => goOn(Infinity),
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
