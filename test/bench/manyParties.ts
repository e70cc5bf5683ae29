// A call log that remembers sums of many trunks, phones and queues, as a large PBX leaves one behind: no rows, only the sums.

import { LEG_RESULTS, QUEUE_OUTCOMES } from '../../src/call/fact.ts'
import { openDatabase } from '../../src/calllog/file/open.ts'
import { batchWriter } from '../../src/calllog/writer/batch.ts'
import { Sums } from '../../src/calllog/writer/storedTotals.ts'
import {
  callEnded,
  callRecord,
  legEnded,
  legRecord,
  legStarted,
  queueLeft,
  queueWait,
  testMetrics,
} from '../unit/metrics/records.ts'

/** Makes the database at `path`; each of the `parties` trunks, phones and queues had one of everything. */
export function writeManyParties(path: string, parties: number): void {
  const metrics = testMetrics()
  const sums = new Sums([])
  const written = new Map(
    Array.from({ length: parties }, (_, index) => factsOf(index))
      .flat()
      .flatMap((fact) => metrics.observe(fact))
      .map((total) => sums.add(total))
      .map(({ key, sum }) => [key, sum]),
  )
  const { db, lock } = openDatabase(path)
  const ended = metrics.callsSoFar().ended
  const none = { calls: [], legs: [], deletedCallIds: [], dropped: 0, number: 1, aheadMs: 0 }
  batchWriter(db)({ ...none, totals: [...written.values()], ended, at: Date.now() })
  db.close()
  lock.close()
}

function factsOf(index: number) {
  const [trunk, phone, queue] = [`carrier-${index}`, String(1_000 + index), `queue-${index}`]
  const call = callRecord({
    channelId: `call-${index}`,
    callerEndpoint: trunk,
    callerRole: 'trunk',
    direction: 'inbound',
    queue,
  })
  const legs = LEG_RESULTS.flatMap((result, at) => {
    const leg = legRecord({ id: `leg-${index}-${at}`, callId: call.channelId, endpoint: phone, dialed: phone, result })
    const outward = {
      ...leg,
      id: `${leg.id}-out`,
      endpoint: trunk,
      endpointRole: 'trunk',
      direction: 'outbound',
    } as const
    return [legStarted(leg), legEnded(leg), legStarted(outward), legEnded(outward)]
  })
  const visits = QUEUE_OUTCOMES.map((outcome) => queueLeft(queueWait({ callId: call.channelId, queue, outcome })))
  return [...legs, ...visits, callEnded(call)]
}
