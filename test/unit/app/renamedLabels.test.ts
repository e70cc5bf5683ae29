// A call log that an earlier version wrote has totals with labels that were renamed since: their values go on.

import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { freshPath, openLog, query } from '../calllog/samples.ts'
import { callEnded, callRecord, samplesOf, testMetrics } from '../metrics/records.ts'

const SERIES = 'asterisk_call_hangups_total{cause_class="normal",direction="inbound",ended_by="caller"}'

/** As version 1.0.0-rc.1 stored it. */
const OLD_LABELS = '{"by":"caller","cause_class":"normal","direction":"inbound"}'

const CALL = callRecord({ direction: 'inbound', causeClass: 'normal', hungUpBy: 'caller' })

/** Starts on the file, counts one more call, and stops. Returns what was exported before and after the call. */
async function run(path: string): Promise<readonly (number | undefined)[]> {
  const { callLog, totals } = await openLog(path)
  const metrics = testMetrics()
  const report = metrics.restore(totals, [])
  expect(report.ignored).toBe(0)
  const before = (await samplesOf(metrics)).get(SERIES)
  const fact = callEnded(CALL)
  callLog.append([fact], metrics.observe(fact))
  await callLog.close()
  return [before, (await samplesOf(metrics)).get(SERIES)]
}

test('the hang-ups of an old database are counted on under the new label, over restarts', async () => {
  const path = freshPath()
  const { callLog } = await openLog(path)
  await callLog.close()
  const db = new Database(path)
  db.prepare('INSERT INTO totals (name, labels, value) VALUES (?, ?, ?)').run(
    'asterisk_call_hangups_total',
    OLD_LABELS,
    41,
  )
  db.close()
  expect(await run(path)).toEqual([41, 42])
  expect(await run(path)).toEqual([42, 43])
  const sums = query(path, "SELECT labels, value FROM totals WHERE name = 'asterisk_call_hangups_total' AND value > 0")
  expect(sums).toEqual([
    { labels: OLD_LABELS, value: 41 },
    { labels: '{"cause_class":"normal","direction":"inbound","ended_by":"caller"}', value: 2 },
  ])
})
