// What the API needs from the rest of the program, and what the server gets of it; the code that starts the server provides both.

import type { Router } from 'express'
import type { CallRecord } from '../../call/fact.ts'
import type { Control } from '../../control/control.ts'
import type { LinkTemplates } from '../../query/callStory.ts'
import type { EndpointWithRole } from '../../query/endpointFields.ts'
import type { ExporterQueries } from '../../query/query.ts'
import type { OperatorEntry } from '../../query/schema.ts'
import type { TrunkEntry } from '../../query/trunkSchema.ts'
import type { Agent, QueueStaffing } from '../../staffing/agent.ts'

/** Name and version of the program, for the OpenAPI document. */
export interface ApiOptions {
  readonly name: string
  readonly version: string
}

/** The API of one exporter (router.ts) or of a fleet (fleetRouter.ts). The server loads neither. */
export interface Api {
  /** The routes that only read, to be mounted at `/api`. */
  readonly routes: (options: ApiOptions) => Router
  readonly isFleet: boolean
  /** Begins and ends calls; null unless CONTROL is on. */
  readonly control: Control | null
}

export interface ApiDependencies {
  readonly queries: ExporterQueries
  /** The active calls, the oldest first, with numbers masked if so configured. */
  readonly live: () => Iterable<CallRecord>
  readonly liveCount: () => number
  /** Row of a live call in the call log. */
  readonly rowId: (channelId: string) => number | undefined
  /** The current state of each known phone; null while it is not known. */
  readonly operatorStates: () => ReadonlyMap<string, OperatorEntry['state']>
  readonly staffing: StaffingSource
  /** The trunks of TRUNK_CHANNELS, and the calls of each trunk that has some; null while they are not known. */
  readonly trunksNow: () => {
    readonly limited: readonly {
      readonly trunk: string
      readonly channels: number
      readonly state: TrunkEntry['state']
    }[]
    readonly calls: ReadonlyMap<string, number> | null
  }
  /** Who waits in each queue: how many callers, and for how long the first of them (ms); null while that is not known. */
  readonly queuesNow: () => ReadonlyMap<string, { readonly count: number; readonly longestMs: number }> | null
  readonly endpoints: () => Iterable<EndpointWithRole>
  /** Whether Asterisk runs res_prometheus; null while that is not known. */
  readonly resPrometheus: () => boolean | null
  /** As in `Api`. */
  readonly control: Control | null
  /** Where SIP traces and recordings are. */
  readonly links: LinkTemplates
  /** Epoch ms. */
  readonly now: () => number
}

/** What is known of queues and their members. */
export interface StaffingSource {
  readonly agents: () => Iterable<Agent>
  readonly queues: () => Iterable<QueueStaffing>
  /** 0: nobody is asked. */
  readonly questionsPerSecond: number
}
