// The current state for the API: the active calls and the state of each phone, read from the core.
//
// While the session is not in sync, the phones are listed with the state null: it is unknown.

import type { CallRecord } from '../call/fact.ts'
import type { RoleOf } from '../call/outcome/direction.ts'
import type { Tracker } from '../call/tracker.ts'
import type { LiveCount } from '../call/views/liveCounts.ts'
import type { CallLog } from '../calllog/callLog.ts'
import type { Control } from '../control/control.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'
import type { Api, ApiDependencies } from '../http/api/dependencies.ts'
import { exporterApi } from '../http/api/router.ts'
import { callsByTrunk } from '../metrics/trunkCapacity.ts'
import type { LinkTemplates } from '../query/callStory.ts'
import type { ExporterQueries } from '../query/query.ts'
import type { Staffing } from '../staffing/staffing.ts'
import { now } from '../time/clock.ts'
import { currentQueries } from './durableScrape.ts'
import type { ModuleWatch } from './moduleWatch.ts'
import type { Roles } from './roles.ts'
import { presentOperators } from './staffing.ts'
import type { TrunkCapacities } from './trunkCapacity.ts'

export interface ApiSourcesDependencies {
  readonly staffing: Pick<Staffing, 'agents' | 'queues'>
  readonly config: {
    readonly links: LinkTemplates
    readonly ari: { readonly questionsPerSecond: number }
  }
  /** The PBX's clock, epoch ms. */
  readonly pbxNow: () => number
  readonly tracker: Tracker
  readonly endpoints: Endpoints
  readonly queries: ExporterQueries
  readonly callLog: Pick<CallLog, 'flush' | 'rowId' | 'status'>
  readonly roleOf: RoleOf
  readonly trunkCapacities: Pick<TrunkCapacities, 'now'>
  readonly listEndpoints: Roles['listEndpoints']
  readonly control: Control | null
  readonly prometheus: Pick<ModuleWatch, 'isRunning'>
  /** The active calls, masked if numbers are masked. */
  readonly live: () => Iterable<CallRecord>
  /** Whether the state of the core is that of Asterisk now. */
  readonly isInSync: () => boolean
}

/** The API over the current state. */
export function openApi(deps: ApiSourcesDependencies): Api {
  return exporterApi(apiSources(deps))
}

/** What the API reads. */
export function apiSources(deps: ApiSourcesDependencies): ApiDependencies {
  const { tracker, queries, callLog, config, live, staffing } = deps
  return {
    queries: currentQueries(queries, callLog),
    rowId: callLog.rowId,
    live,
    liveCount: () => countCalls(tracker.liveCounts()),
    operatorStates: () => presentOperators(deps),
    staffing: {
      agents: staffing.agents,
      queues: () => staffing.queues(deps.pbxNow()),
      questionsPerSecond: config.ari.questionsPerSecond,
    },
    endpoints: deps.listEndpoints,
    resPrometheus: deps.prometheus.isRunning,
    control: deps.control,
    links: config.links,
    trunksNow: () => ({
      limited: deps.trunkCapacities.now(),
      calls: deps.isInSync() ? callsByTrunk(tracker.liveCounts()) : null,
    }),
    queuesNow: () => (deps.isInSync() ? waitingByQueue(tracker.liveCounts(), deps.pbxNow()) : null),
    now,
  }
}

/** Who waits in each queue. */
function waitingByQueue(groups: Iterable<LiveCount>, now: number) {
  return new Map(
    [...groups].flatMap(({ key, count, oldestAt }) =>
      key.family === 'queue' ? [[key.queue, { count, longestMs: Math.max(0, now - oldestAt) }] as const] : [],
    ),
  )
}

/** How many calls are active. */
export function countCalls(groups: Iterable<LiveCount>): number {
  return [...groups].reduce((sum, { key, count }) => sum + (key.family === 'calls' ? count : 0), 0)
}
