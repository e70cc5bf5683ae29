// Messages of an exporter, as its live socket sends them.

import type { PbxStatus } from '../../../src/http/live/message.ts'
import type { ActiveCall, MissedCallerEntry } from '../../../src/query/schema.ts'
import * as serialize from '../../../src/query/serialize.ts'
import { isoInstant } from '../../../src/time/format.ts'
import { sampleCall, endedCall as sampleEnded, T0 } from '../calllog/samples.ts'

export function pbx(changes: Partial<PbxStatus> = {}): PbxStatus {
  return {
    ...{ site: 'helsinki', log_id: 'log-1', in_sync: true, since: isoInstant(T0), problem: null },
    asterisk: { version: '22.10.1', entity_id: '52:54:00:12:34:56', start_time: isoInstant(T0) },
    res_prometheus: null,
    ...changes,
  }
}

/** An active call with the row 17. */
export function activeCall(channelId: string, changes: Partial<ActiveCall> = {}): ActiveCall {
  return { ...serialize.activeCall(sampleCall({ channelId }), 17), ...changes }
}

/** The end of the same call. */
export function endedCall(channelId: string): serialize.EndedCall {
  return serialize.endedCall(sampleEnded({ channelId }), 17)
}

interface SnapshotParts {
  readonly seq?: number
  readonly more?: boolean
  readonly pbx?: PbxStatus
  /** The figure of active calls. */
  readonly active?: number
}

/** A snapshot, after 7 changes unless told otherwise. */
export function snapshot(calls: readonly ActiveCall[], parts: SnapshotParts = {}): object {
  const { seq = 7, more = false, pbx: status = pbx(), active = calls.length } = parts
  const figures = { now: isoInstant(T0), start_time: isoInstant(T0), calls_active: active }
  return { type: 'snapshot', epoch: 'run-1', seq, pbx: status, figures, calls, more }
}

/** Closed by the call of row 44. */
export const MISSED: MissedCallerEntry = {
  ...{ id: 3, number: '0450675338', name: 'Ann Example', state: 'returned' },
  ...{ first_miss_time: isoInstant(T0), last_miss_time: isoInstant(T0), attempts: 2, tries: 1, untried_since: null },
  ...{ queue: 'sales', called: '5550101', closed_time: isoInstant(T0), closed_by: 'x', closed_by_phone: '102' },
  ...{ waited: 12, closed_by_call: 44 },
}
