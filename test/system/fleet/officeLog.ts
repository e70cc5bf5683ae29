// A call log of three weeks with ended calls of all kinds, some of which last over midnight or for days, and with missed callers.

import type { MissedCallerState } from '../../../src/callback/missedCaller.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import { missedCaller } from '../../unit/callback/office.ts'
import { type Known, makeCalls } from '../../unit/calllog/manyCalls.ts'
import { T0 } from '../../unit/calllog/samples.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The beginning of a UTC day. */
export const OFFICE_START = Math.floor(T0 / DAY) * DAY

const CALLS = 1500
const CALLERS = 60
const STATES: readonly MissedCallerState[] = ['waiting', 'returned', 'called_again', 'expired']

/** Writes the log; another `seed` makes other calls. */
export function makeOffice(path: string, seed: number): void {
  const { db, lock } = openDatabase(path)
  const known = makeCalls(CALLS, seed * CALLS + 1).map((one, index) => inOffice(one, index + 1, seed))
  const refused = batchWriter(db)({
    calls: known.map(({ id, call, missedCaller }) => ({
      id,
      ended: true,
      createdAt: call.startedAt,
      updatedAt: call.endedAt ?? T0,
      node: 'pbx-1',
      call,
      ...(missedCaller !== null && { missedCaller }),
    })),
    legs: known.flatMap(({ id, legs }) => legs.map((leg, index) => ({ id: id * 4 + index, callId: id, leg }))),
    ...{ deletedCallIds: [], totals: [], ended: 0, dropped: 0, number: 1, at: T0, aheadMs: 0 },
    missedCallers: {
      callers: Array.from({ length: CALLERS }, (_, index) => ({
        caller: caller(index + 1, seed),
        closedByCall: stateOf(index + 1) === 'waiting' || stateOf(index + 1) === 'expired' ? null : index + 7,
      })),
      deletedIds: [],
      numberSecret: null,
    },
  })
  db.close()
  lock.close()
  if (refused.length > 0) {
    throw new Error(JSON.stringify(refused))
  }
}

// Spread over three weeks; every 500th call lasts for days, every 40th over midnight.
function inOffice(one: Known, id: number, seed: number): Known & { readonly missedCaller: number | null } {
  const startedAt = OFFICE_START + Math.floor((id / CALLS) * 20 * DAY) + (one.call.startedAt % HOUR)
  const moved = startedAt - one.call.startedAt
  const longer = id % 500 === 3 ? 3 * DAY + id * 1000 : id % 40 === 5 ? DAY : 0
  const ended = (one.call.endedAt ?? one.call.startedAt + 5000) + moved + longer
  // A call that is missed later than its caller was closed belongs to another missed caller.
  const { closedAt } = caller(1 + (id % CALLERS), seed)
  return {
    id,
    missedCaller: id % 7 === 0 && ended <= (closedAt ?? ended) ? 1 + (id % CALLERS) : null,
    call: {
      ...one.call,
      // Nearly all channel ids are used at one site only.
      channelId: `${seed}-${id % 211 === 0 ? 'same' : id}`,
      startedAt,
      answeredAt: one.call.answeredAt === null ? null : one.call.answeredAt + moved,
      endedAt: ended,
      disposition: one.call.disposition ?? 'failed',
    },
    legs: one.legs.map((leg) => ({ ...leg, startedAt: leg.startedAt + moved, result: leg.result ?? 'cancelled' })),
  }
}

function stateOf(id: number): MissedCallerState {
  return STATES[id % STATES.length] ?? 'waiting'
}

function caller(id: number, seed: number) {
  const state = stateOf(id)
  const firstMissAt = OFFICE_START + ((id + seed) % 19) * DAY + (id % 5) * HOUR
  return missedCaller(id, {
    state,
    name: id % 3 === 0 ? 'Ääkkönen' : '',
    firstMissAt,
    lastMissAt: firstMissAt + (id % 4) * HOUR,
    queue: ['sales', 'support', null][id % 3] ?? null,
    closedAt: state === 'waiting' ? null : firstMissAt + 4 * HOUR + (id % 11) * 7 * HOUR + 500,
    closedBy: state === 'waiting' || state === 'expired' ? null : `c${id}`,
  })
}
