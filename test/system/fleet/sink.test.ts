// The sink on a real PostgreSQL: what arrives, what is refused, and what a copied file is told.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TABLES } from '../../../src/central/schema/tables.ts'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import type { Sink } from '../../../src/shipping/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { callItem, callRow, LOG_ID, legRow, missedCallerItem, missedCallerRow, parcelOf } from './central.ts'
import { centralPerFile } from './centralPerFile.ts'

const central = centralPerFile()
let sink: Sink

const NEVER = new AbortController().signal

beforeEach(async () => {
  await central.postgres.sql('TRUNCATE calls, legs, missed_callers', 'calls')
  sink = openPostgresSink(central.writer, { now: ticks })
})

afterEach(() => sink.close())

const count = (table: string) => central.postgres.sql(`SELECT count(*) FROM ${table}`, 'calls')

/** A row as JSON of PostgreSQL, instants in UTC. */
async function stored(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await central.postgres.sql(
    `SET timezone = 'UTC'; SELECT coalesce(json_agg(t ORDER BY id), '[]') FROM ${table} t`,
    'calls',
  )
  return JSON.parse(text)
}

test('every column of a call, its legs and a missed caller arrives with its value', async () => {
  const call = callItem(7)
  const caller = missedCallerRow(3, { closed_time: '2026-11-24 00:00:00.000', waited: 2, state: 'returned' })
  const delivery = await sink.deliver(parcelOf([call, missedCallerItem(55, caller)]), NEVER)
  expect(delivery).toEqual({ delivered: [1007, 55], refused: [] })
  const sent = { calls: [call.row], legs: call.legs, missed_callers: [caller] }
  const own: Readonly<Record<string, unknown>> = { log_id: LOG_ID, site: 'Oulu' }
  for (const { name, columns } of TABLES) {
    const rows = await stored(name)
    expect(rows).toHaveLength(sent[name].length)
    for (const [index, row] of rows.entries()) {
      expect(Object.keys(row).sort()).toEqual(columns.map((column) => column.name).sort())
      for (const column of columns.filter((each) => !['day', 'version'].includes(each.name))) {
        const value = own[column.name] ?? sent[name][index]?.[column.name]
        const found = row[column.name]
        const text = column.type === 'timestamptz' && typeof found === 'string'
        expect([column.name, text ? Date.parse(found) : found]).toEqual([
          column.name,
          text ? Date.parse(`${String(value).replace(' ', 'T')}Z`) : value,
        ])
      }
    }
  }
  expect(await central.postgres.sql('SELECT day FROM calls UNION ALL SELECT day FROM legs', 'calls')).toBe(
    '2026-11-23\n2026-11-23\n2026-11-23',
  )
  expect(await central.postgres.sql('SELECT day, version FROM missed_callers', 'calls')).toBe('2026-11-24|55')
})

test('what is sent twice is there once, also twice in one parcel', async () => {
  const parcel = parcelOf([callItem(1), callItem(2), { ...callItem(1), outboxId: 9 }])
  expect(await sink.deliver(parcel, NEVER)).toEqual({ delivered: [1001, 1002, 9], refused: [] })
  expect(await sink.deliver(parcel, NEVER)).toEqual({ delivered: [1001, 1002, 9], refused: [] })
  expect([await count('calls'), await count('legs')]).toEqual(['2', '4'])
})

test('a row that was deleted meanwhile is delivered', async () => {
  const gone = { ...callItem(1), row: null, legs: [] }
  expect(await sink.deliver(parcelOf([gone, callItem(2)]), NEVER)).toEqual({ delivered: [1001, 1002], refused: [] })
  expect(await sink.deliver(parcelOf([gone]), NEVER)).toEqual({ delivered: [1001], refused: [] })
})

test('the states of a missed caller are all kept, and the order of arrival does not matter', async () => {
  const states = [
    missedCallerItem(12, missedCallerRow(1, { state: 'returned', closed_time: '2026-11-23 08:00:00.000' })),
    missedCallerItem(10, missedCallerRow(1)),
  ]
  for (const state of states) {
    await sink.deliver(parcelOf([state]), NEVER)
  }
  const newest = 'SELECT state FROM missed_callers ORDER BY version DESC LIMIT 1'
  expect([await count('missed_callers'), await central.postgres.sql(newest, 'calls')]).toEqual(['2', 'returned'])
})

const POISON: readonly (readonly [string, Parameters<typeof callItem>])[] = [
  ['a number out of range', [13, { transfers: 2 ** 31 }]],
  ['an instant that is none', [13, { answer_time: 'yesterday, 0401234567' }]],
  ['an instant out of range', [13, { end_time: '+275760-09-13 00:00:00.000' }]],
  ['a call without an end', [13, { end_time: null }]],
  ['a leg that is refused', [13, {}, [legRow(1, 13), legRow(2, 13, { cause: 2 ** 40 })]]],
  ['a text where a number belongs', [13, { cause: 'busy' }]],
  // Random, or it would be compressed to less than the bound.
  [
    'a text too long for its index',
    [
      13,
      { caller: Array.from({ length: 9000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('') },
    ],
  ],
]

test.each(POISON)('%s: this call is refused, the other 40 arrive', async (_, [id, changes, legs]) => {
  const others = Array.from({ length: 40 }, (_each, index) => callItem(100 + index))
  const items = [...others.slice(0, 17), callItem(id, changes, legs), ...others.slice(17)]
  const { delivered, refused } = await sink.deliver(parcelOf(items), NEVER)
  expect(refused).toEqual([{ outboxId: 1013, detail: expect.stringMatching(/^call 13: (22|23|54)\w{3} /) }])
  expect(JSON.stringify(refused)).not.toContain('0401234567')
  expect([...delivered].sort()).toEqual(others.map(({ outboxId }) => outboxId))
  expect([await count('calls'), await count('legs')]).toEqual(['40', '80'])
})

test('a whole parcel that is refused is the fault of the database; a short one and the next ones too', async () => {
  await central.postgres.sql('ALTER TABLE calls ADD CONSTRAINT none CHECK (transfers > 0)', 'calls')
  const many = parcelOf(Array.from({ length: 9 }, (_, index) => callItem(index)))
  await expect(sink.deliver(many, NEVER)).rejects.toMatchObject({ reason: 'schema', isFinal: false })
  await expect(sink.deliver(many, NEVER)).rejects.toThrow('refuses every row')
  await central.postgres.sql('ALTER TABLE calls DROP CONSTRAINT none', 'calls')
  expect((await sink.deliver(many, NEVER)).delivered).toHaveLength(9)
})

test('NUL in a text becomes U+FFFD, and a long text arrives whole', async () => {
  const long = 'ä'.repeat(2_000_000)
  await sink.deliver(
    parcelOf([callItem(1, { caller_name: 'a\0b\ud800', sip_call_id: long, duration: Infinity })]),
    NEVER,
  )
  expect(await central.postgres.sql('SELECT caller_name, length(sip_call_id), duration FROM calls', 'calls')).toBe(
    'a\ufffdb\ufffd|2000000|Infinity',
  )
})

test('a number that is none arrives as it is', async () => {
  await sink.deliver(parcelOf([callItem(1, { duration: Number.NaN }), callItem(2, { duration: -Infinity })]), NEVER)
  expect(await central.postgres.sql('SELECT duration FROM calls ORDER BY id', 'calls')).toBe('NaN\n-Infinity')
})

test('a copied file is noticed: other calls under the same ids and days, and nothing of its parcel arrives', async () => {
  await sink.deliver(parcelOf([callItem(1), callItem(2)]), NEVER)
  const copy = openPostgresSink(central.writer, { now: ticks })
  const other = callItem(2, { channel_id: '1800000000.1' })
  await expect(copy.deliver(parcelOf([callItem(3), other]), NEVER)).rejects.toMatchObject({
    reason: 'copied',
    isFinal: true,
    message: expect.stringContaining('new-log-id'),
  })
  expect(await count('calls')).toBe('2')
  await copy.close()
  // The first one goes on.
  expect((await sink.deliver(parcelOf([callItem(4)]), NEVER)).delivered).toEqual([1004])
})

test('a copied file is noticed by a sink that has looked at other days before', async () => {
  await sink.deliver(parcelOf([callItem(1), callItem(2)]), NEVER)
  await expect(
    sink.deliver(parcelOf([callItem(2, { end_time: '2026-11-23 07:09:00.501' })]), NEVER),
  ).rejects.toMatchObject({ reason: 'copied' })
})

describe('a file restored from a backup, whose ids are used again on another day', () => {
  const known = Array.from({ length: 20 }, (_, index) => callItem(index + 1))
  const usedAgain = (day: string) =>
    parcelOf([...known.slice(0, 8), callItem(20, { end_time: `${day} 10:00:00.000`, channel_id: '1800000000.9' })])
  const copied = { reason: 'copied', isFinal: true }

  test('is noticed by the first parcel, however long ago the backup was made', async () => {
    await sink.deliver(parcelOf(known), NEVER)
    const restored = openPostgresSink(central.writer, { now: ticks })
    await expect(restored.deliver(usedAgain('2028-01-01'), NEVER)).rejects.toMatchObject(copied)
    await restored.close()
  })

  test.each([
    ['within a minute, if that was in the last week', 61_000, '2026-11-30'],
    ['within an hour, if it was before', 3_601_000, '2028-01-01'],
  ])('is noticed %s, by a sink that began with known calls', async (_, laterMs, day) => {
    let at = 0
    const restored = openPostgresSink(central.writer, { now: () => at })
    await restored.deliver(parcelOf(known), NEVER)
    at = laterMs
    await expect(restored.deliver(usedAgain(day), NEVER)).rejects.toMatchObject(copied)
    await restored.close()
  })
})

test('the same ids of another log are other calls', async () => {
  await sink.deliver(parcelOf([callItem(1)]), NEVER)
  await sink.deliver(parcelOf([callItem(1, { channel_id: 'x' })], '6f1b0c52-5a1d-4f0e-9d53-2f6a5f4c1a02'), NEVER)
  expect(await count('calls')).toBe('2')
})

test('a call is one with what is missing in an older file', async () => {
  const { line, ...row } = callRow(1)
  expect(line).toBeNull()
  const delivery = await sink.deliver(parcelOf([{ ...callItem(1), row }]), NEVER)
  expect(delivery.delivered).toEqual([1001])
})
