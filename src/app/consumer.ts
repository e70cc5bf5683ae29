// What becomes of the events of a session: they are placed in the PBX's time and handled; frames and their faults are counted.

import type { ClockOffset } from '../ari/clockOffset.ts'
import type { Consumer } from '../ari/safeConsumer.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ConnectionTime } from './connectionTime.ts'
import type { Pipeline } from './pipeline.ts'
import type { Roles } from './roles.ts'
import type { Shedding } from './shedding.ts'

export interface ConsumerDependencies {
  readonly metrics: Metrics
  readonly connection: Pick<ConnectionTime, 'onEvent'>
  readonly clock: Pick<ClockOffset, 'toPbxTime'>
  readonly pipeline: Pipeline
  readonly shedding: Pick<Shedding, 'onBehind'>
  readonly roles: Pick<Roles, 'beforeSnapshot'>
}

/** The consumer of the exporter's session. */
export function createConsumer(dependencies: ConsumerDependencies): Consumer {
  const { metrics, connection, clock, pipeline, shedding, roles } = dependencies
  return {
    beforeSnapshot: roles.beforeSnapshot,
    onEvent(event, receivedAt) {
      if ('channel' in event) {
        metrics.lag(receivedAt - event.at)
      }
      connection.onEvent(event, receivedAt)
      for (const placed of clock.toPbxTime(event, receivedAt)) {
        pipeline.handleEvent(placed)
      }
    },
    hasMore: pipeline.hasMore,
    more: pipeline.more,
    onBehind: shedding.onBehind,
    onFrame: metrics.frame,
    onMalformed: metrics.malformed,
    onDisconnect: metrics.disconnect,
  }
}
