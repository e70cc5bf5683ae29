// The live feed of a fleet: what all nodes tell, numbered anew, for the readers of the fleet's own `/api/live`.
//
// A reader resumes here as it does at one exporter; that a node was lost and found again in between is in the changes.

import type { ChangeRing } from '../http/live/changeRing.ts'
import type { FleetChange, FleetCounters, FleetLiveMessage } from '../http/live/fleetMessage.ts'
import { chunksOf, furtherTexts, type LiveSource } from '../http/live/liveFeed.ts'
import { isoInstant } from '../time/format.ts'
import type { Nodes } from './nodes.ts'

export interface FleetFeedDependencies {
  readonly ring: ChangeRing<FleetChange>
  readonly nodes: Pick<Nodes, 'list' | 'calls' | 'callsActive' | 'states'>
  /** Epoch ms. */
  readonly now: () => number
}

export function createFleetFeed(
  { epoch, startedAt }: { readonly epoch: string; readonly startedAt: number },
  { ring, nodes, now }: FleetFeedDependencies,
): LiveSource {
  const figures = (): FleetCounters => {
    const states = nodes.states()
    return {
      now: isoInstant(now()),
      start_time: isoInstant(startedAt),
      calls_active: nodes.callsActive(),
      nodes: states.length,
      nodes_live: states.filter((state) => state === 'live').length,
    }
  }

  return {
    // Nodes tell their changes themselves.
    checkConnection: () => undefined,
    initialMessages(position) {
      const changes = ring.after(position)
      if (changes !== null) {
        return { texts: [serialized({ type: 'resumed', epoch, seq: ring.seq() }), ...changes], rest: [].values() }
      }
      const chunks = chunksOf(nodes.calls(), (call) => call)
      const first = chunks.next().value ?? { calls: [], more: false }
      const head = { type: 'snapshot', epoch, seq: ring.seq(), nodes: nodes.list(), figures: figures() } as const
      return { texts: [serialized({ ...head, ...first })], rest: furtherTexts(chunks) }
    },
    heartbeat: () => serialized({ type: 'figures', figures: figures() }),
    subscribe: ring.subscribe,
  }
}

function serialized(message: FleetLiveMessage): string {
  return JSON.stringify(message)
}
