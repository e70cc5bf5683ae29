// What the API of a fleet needs from the rest of the program.

import type { LinkTemplates } from '../../query/callStory.ts'
import type { FleetQueries } from '../../query/fleetQuery.ts'
import type { FleetActiveCall, NodeEntry } from '../live/fleetMessage.ts'

export interface FleetApiDependencies {
  readonly queries: FleetQueries
  /** The exporters of FLEET_NODES. */
  readonly nodes: () => readonly NodeEntry[]
  /** The live calls of all nodes that are reached. */
  readonly live: () => Iterable<FleetActiveCall>
  readonly liveCount: () => number
  /** Where SIP traces and recordings are. */
  readonly links: LinkTemplates
  /** Epoch ms. */
  readonly now: () => number
}
