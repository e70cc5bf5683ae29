// The current state of the program, for the page, the live feed and the readiness check.

import type { Session } from '../ari/session.ts'
import type { Tracker } from '../call/tracker.ts'
import type { CallLog } from '../calllog/callLog.ts'
import type { ServiceStatus } from '../http/serviceStatus.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { now } from '../time/clock.ts'
import { countCalls } from './apiSources.ts'
import type { ConnectionTime } from './connectionTime.ts'
import type { ModuleWatch } from './moduleWatch.ts'

export interface ServiceStatusDependencies {
  /** Epoch ms. */
  readonly startedAt: number
  readonly site: string
  readonly session: Pick<Session, 'status'>
  readonly connection: Pick<ConnectionTime, 'since'>
  readonly tracker: Pick<Tracker, 'liveCounts'>
  readonly metrics: Pick<Metrics, 'callsSoFar'>
  readonly callLog: Pick<CallLog, 'status' | 'logId'>
  readonly prometheus: Pick<ModuleWatch, 'isRunning'>
}

/** Returns a function that reads the state. */
export function createServiceStatus(deps: ServiceStatusDependencies): () => ServiceStatus {
  return () => {
    const { phase, problem, asterisk } = deps.session.status()
    const { ended, missed } = deps.metrics.callsSoFar()
    return {
      now: now(),
      startedAt: deps.startedAt,
      site: deps.site,
      logId: deps.callLog.logId(),
      inSync: phase === 'in_sync',
      since: deps.connection.since(),
      problem,
      asterisk,
      resPrometheus: deps.prometheus.isRunning(),
      callsActive: countCalls(deps.tracker.liveCounts()),
      callsEnded: ended,
      callsMissed: missed,
      callLog: deps.callLog.status(),
    }
  }
}
