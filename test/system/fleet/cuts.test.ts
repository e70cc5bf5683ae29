// The sink over a line that is cut at random, to a server that is killed at random: every call arrives, once, with its legs.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openPostgresSink } from '../../../src/central/writer/sink.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { type OutboxItem, SinkFailure } from '../../../src/shipping/sink.ts'
import { ticks } from '../../../src/time/clock.ts'
import { callItem, missedCallerItem, missedCallerRow, parcelOf } from './central.ts'
import { centralPerFile } from './centralPerFile.ts'

const central = centralPerFile()

const PARCELS = 60
const CALLS = 20

/** More than a parcel with its connection has in either direction. */
const BYTES = { toServer: 16_000, toClient: 3_000 }

/** Which way, and after how many bytes of a connection. */
interface Cut {
  readonly way: keyof typeof BYTES
  readonly bytes: number
}

/** A line to the server that is cut as `next` says of each connection. */
async function startLine(next: () => Cut | null): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((client) => {
    const upstream = connect(central.postgres.port, '127.0.0.1')
    const cut = next()
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    const pass = (from: Socket, to: Socket, way: Cut['way']) => {
      let passed = 0
      from.on('data', (chunk) => {
        const room = cut?.way === way ? cut.bytes - passed : Number.POSITIVE_INFINITY
        passed += chunk.length
        to.write(chunk.subarray(0, Math.max(0, Math.min(room, chunk.length))))
        if (chunk.length >= room) {
          // What was passed arrives before the end does.
          to.end()
          from.destroy()
        }
      })
      from.on('error', end)
      from.on('close', end)
    }
    pass(client, upstream, 'toServer')
    pass(upstream, client, 'toClient')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, server }
}

test.each([1, 2, 3])('seed %i', async (seed) => {
  const { chance, whole } = createRandom(seed)
  const cutAtRandom = (): Cut | null => {
    const way = chance(0.5) ? 'toServer' : 'toClient'
    return chance(0.6) ? { way, bytes: whole(0, BYTES[way]) } : null
  }
  const line = await startLine(cutAtRandom)
  const logId = `00000000-0000-4000-8000-00000000000${seed}`
  const url = `postgres://calls_writer@127.0.0.1:${line.port}/calls`
  const sink = openPostgresSink({ ...central.writer, url }, { now: ticks })
  let failures = 0
  let kills = 0
  for (let part = 0; part < PARCELS; part++) {
    const items: OutboxItem[] = Array.from({ length: CALLS }, (_, index) => {
      const id = part * CALLS + index
      return callItem(id, { duration: id / 8, end_time: `2026-11-${id % 2 === 0 ? '23' : '24'} 10:00:00.000` })
    })
    const state = missedCallerItem(100_000 + part, missedCallerRow(part % 7))
    let waiting: readonly OutboxItem[] = [...items, state]
    while (waiting.length > 0) {
      const killing = chance(0.05) ? central.postgres.kill() : null
      try {
        const { delivered, refused } = await sink.deliver(parcelOf(waiting, logId), new AbortController().signal)
        expect(refused).toEqual([])
        waiting = waiting.filter(({ outboxId }) => !delivered.includes(outboxId))
      } catch (error) {
        expect(error).toBeInstanceOf(SinkFailure)
        expect(['unreachable', 'status']).toContain(error instanceof SinkFailure ? error.reason : error)
        failures++
      }
      if (killing !== null) {
        kills++
        await killing
        await central.postgres.start()
      }
      // The sink keeps its connection otherwise.
      if (chance(0.5)) {
        await sink.close()
      }
    }
  }
  await sink.close()
  await new Promise((resolve) => line.server.close(resolve))
  expect([failures > 10, kills > 0]).toEqual([true, true])
  const of = `WHERE log_id = '${logId}'`
  const calls = PARCELS * CALLS
  expect(
    await central.postgres.sql(`SELECT count(*), sum(duration), count(DISTINCT id) FROM calls ${of}`, 'calls'),
  ).toBe(`${calls}|${(calls * (calls - 1)) / 2 / 8}|${calls}`)
  expect(await central.postgres.sql(`SELECT count(*), count(DISTINCT (call_id, id)) FROM legs ${of}`, 'calls')).toBe(
    `${2 * calls}|${2 * calls}`,
  )
  expect(await central.postgres.sql(`SELECT count(*) FROM missed_callers ${of}`, 'calls')).toBe(String(PARCELS))
})
