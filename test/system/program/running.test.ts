// The program itself against a simulated PBX: what it logs, counts and answers, and that nothing is lost when it is killed.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import {
  eventually,
  freePort,
  freshFolder,
  get,
  type Program,
  runProgram,
  scrape,
  startProgram,
  sumOf,
} from './program.ts'

const PASSWORD = 'pass-word-that-must-not-be-seen'
const running: (() => Promise<unknown>)[] = []

// Two starts on a machine that has other things to do.
vi.setConfig({ testTimeout: 90_000 })

/** A call whose conversation ends when the test ends it. */
const TALKS_ON = { ringMs: 100, talkMs: Number.POSITIVE_INFINITY }

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) {
    await stop()
  }
})

async function pbxWith(options: { callsPerSecond?: number; speed?: number }): Promise<Pbx> {
  const pbx = await startPbx({ user: 'exporter', password: PASSWORD, noise: false, ...options })
  running.push(pbx.stop)
  return pbx
}

interface Started extends Program {
  readonly port: number
  readonly db: string
}

async function exporter(
  settings: Readonly<Record<string, string>>,
  db = join(freshFolder(), 'calls.db'),
): Promise<Started> {
  const port = await freePort()
  const program = startProgram([], {
    ARI_USER: 'exporter',
    ARI_PASSWORD: PASSWORD,
    DB_PATH: db,
    HTTP_PORT: String(port),
    ...settings,
  })
  running.push(async () => {
    program.child.kill('SIGKILL')
    await program.ended
  })
  return { ...program, port, db }
}

const ready = (port: number) =>
  eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )

function rows(db: string, sql: string): Record<string, unknown>[] {
  const database = new Database(db, { readonly: true })
  try {
    return database.prepare<[], Record<string, unknown>>(sql).all()
  } finally {
    database.close()
  }
}

describe('a call', () => {
  test('is in the call log, on /metrics and in the log lines when it has ended', async () => {
    const pbx = await pbxWith({})
    const program = await exporter({ ARI_URL: pbx.url })
    await ready(program.port)
    const [truth] = await pbx.place('answered-caller-hangs-up', { ringMs: 50, talkMs: 120 }).ended
    const samples = await eventually(
      () => scrape(program.port),
      (seen) => sumOf(seen, 'asterisk_calls_total') === 1,
    )
    expect(sumOf(samples, 'asterisk_call_duration_seconds_sum')).toBeCloseTo((truth?.durationMs ?? 0) / 1000, 3)
    await eventually(
      () => rows(program.db, 'SELECT * FROM calls'),
      ([row]) => row?.['status'] === 'completed',
    )
    const [row] = rows(program.db, 'SELECT * FROM calls')
    expect(
      Object.keys(row ?? {})
        .slice(0, 12)
        .join(),
    ).toBe(
      'id,channel_id,caller,callee,direction,status,start_time,answer_time,end_time,duration,created_at,updated_at',
    )
    expect(row).toMatchObject({ caller: truth?.caller, callee: truth?.callee, disposition: 'answered', missed: 0 })
    expect(row?.['node']).toMatch(/./)
    const messages = program
      .output()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).msg)
    const who = `${truth?.caller} -> ${truth?.callee}`
    expect(messages).toEqual([
      'asterisk-ari-exporter is starting',
      'configuration read',
      'call log ready',
      'serving /metrics and the page',
      'connecting to Asterisk',
      'connected to Asterisk',
      'listening',
      'live calls compared with the PBX',
      `new call ${who}`,
      `answered ${who}`,
      `ended ${who}`,
    ])
    expect(program.output()).not.toContain(PASSWORD)
    expect((await get(program.port, '/metrics')).text).not.toContain(PASSWORD)
    expect((await get(program.port, '/')).text).toContain('asterisk-ari-exporter 0.')
    const first = await firstMessage(program.port)
    expect(first).toContain('"version":"22.10.1"')
    expect(first).not.toContain(PASSWORD)
  })
})

describe('MASK_NUMBERS', () => {
  test('keeps full numbers and names out of the call log, the log and the metrics', async () => {
    const pbx = await pbxWith({})
    const program = await exporter({ ARI_URL: pbx.url, MASK_NUMBERS: 'true', LOG_LEVEL: 'debug' })
    await ready(program.port)
    const [truth] = await pbx.place('inbound', { ringMs: 50, talkMs: 100 }).ended
    const [row] = await eventually(
      () => rows(program.db, 'SELECT * FROM calls'),
      ([first]) => first?.['status'] === 'completed',
    )
    const number = truth?.caller ?? ''
    expect(number.length).toBeGreaterThan(6)
    expect(row).toMatchObject({ caller: `${'*'.repeat(number.length - 3)}${number.slice(-3)}`, caller_name: '' })
    expect(`${JSON.stringify(rows(program.db, 'SELECT * FROM legs'))} ${program.output()}`).not.toContain(number)
    expect((await get(program.port, '/metrics')).text).not.toContain(number)
  })
})

describe('kill -9 under load, and a start after it', () => {
  test('loses no call that was in the log, doubles none, and continues the counters', async () => {
    const pbx = await pbxWith({ callsPerSecond: 20, speed: 40 })
    const first = await exporter({ ARI_URL: pbx.url, LOG_LEVEL: 'warn' })
    await ready(first.port)
    const seen = await eventually(
      () => scrape(first.port),
      (samples) => sumOf(samples, 'asterisk_calls_total') > 60,
    )
    const before = rows(
      first.db,
      "SELECT channel_id FROM calls WHERE end_time < strftime('%Y-%m-%d %H:%M:%f', 'now', '-0.1 seconds')",
    )
    first.child.kill('SIGKILL')
    await first.ended

    const second = await exporter({ ARI_URL: pbx.url, LOG_LEVEL: 'warn' }, first.db)
    await ready(second.port)
    const after = await scrape(second.port)
    for (const [series, value] of seen) {
      if (/^asterisk_(calls|missed_calls)_total|^asterisk_call_.*_(sum|count|bucket)/.test(series)) {
        expect([series, (after.get(series) ?? 0) >= value]).toEqual([series, true])
      }
    }
    const onDisk = new Set(
      rows(second.db, 'SELECT channel_id FROM calls WHERE end_time IS NOT NULL').map((row) => row['channel_id']),
    )
    for (const row of before) {
      expect(onDisk.has(row['channel_id'])).toBe(true)
    }
    expect(rows(second.db, 'SELECT channel_id FROM calls GROUP BY channel_id HAVING count(*) > 1')).toEqual([])
    // A call that ended while no program ran gets an unknown end: no row stays open whose channel is gone.
    await eventually(
      () => {
        const alive = new Set(pbx.liveChannels().map(({ id }) => id))
        return rows(second.db, 'SELECT channel_id FROM calls WHERE end_time IS NULL').filter(
          (row) => !alive.has(String(row['channel_id'])),
        )
      },
      (left) => left.length === 0,
    )
    const settled = await scrape(second.port)
    expect(sumOf(settled, 'asterisk_calls_total')).toBe(
      sumOf(settled, 'asterisk_exporter_calllog_rows') + sumOf(settled, 'asterisk_exporter_calllog_pending'),
    )
    expect(sumOf(settled, 'asterisk_calls_started_total')).toBe(
      sumOf(settled, 'asterisk_calls_total') + sumOf(settled, 'asterisk_calls_active'),
    )
  })

  test('keeps a call that lasts through both as one row, with its real start and answer', async () => {
    const pbx = await pbxWith({})
    const first = await exporter({ ARI_URL: pbx.url })
    await ready(first.port)
    const call = pbx.place('answered-caller-hangs-up', TALKS_ON)
    await eventually(
      () => rows(first.db, 'SELECT * FROM calls'),
      ([row]) => row?.['status'] === 'answered',
    )
    first.child.kill('SIGKILL')
    await first.ended
    const second = await exporter({ ARI_URL: pbx.url }, first.db)
    await ready(second.port)
    expect(sumOf(await scrape(second.port), 'asterisk_calls_active')).toBe(1)
    call.endPause()
    const [truth] = await call.ended
    const [row] = await eventually(
      () => rows(second.db, 'SELECT * FROM calls'),
      ([row]) => row?.['status'] === 'completed',
    )
    expect(row).toMatchObject({ caller: truth?.caller, disposition: 'answered' })
    expect(Number(row?.['duration'])).toBeCloseTo((truth?.durationMs ?? 0) / 1000, 1)
    expect(Number(row?.['answer_delay'])).toBeCloseTo((truth?.answerDelayMs ?? 0) / 1000, 1)
    expect(rows(second.db, 'SELECT id FROM calls')).toHaveLength(1)
    const samples = await scrape(second.port)
    expect(samples.get('asterisk_exporter_reconciled_calls_total{outcome="kept"}')).toBe(1)
  })
})

/** How long after the answer the PBX was last connected, as the log notes it. */
const SEEN_AFTER_ANSWER = `SELECT value / 1000.0 - unixepoch(answer_time, 'subsec') AS seconds FROM calls, counters WHERE name = 'at'`

describe('a call that ends while the program is not running', () => {
  test('lasts until the last time that the program was connected, within a second', async () => {
    const pbx = await pbxWith({})
    const first = await exporter({ ARI_URL: pbx.url })
    await ready(first.port)
    const call = pbx.place('answered-caller-hangs-up', TALKS_ON)
    await eventually(
      () => rows(first.db, 'SELECT * FROM calls'),
      ([row]) => row?.['status'] === 'answered',
    )
    const [noted] = await eventually(
      () => rows(first.db, SEEN_AFTER_ANSWER),
      ([row]) => Number(row?.['seconds']) > 1.5,
    )
    first.child.kill('SIGKILL')
    await first.ended
    call.endPause()
    const [truth] = await call.ended
    const second = await exporter({ ARI_URL: pbx.url }, first.db)
    await ready(second.port)
    const [row] = await eventually(
      () => rows(second.db, 'SELECT * FROM calls'),
      ([one]) => one?.['end_time'] !== null,
    )
    expect(row).toMatchObject({ disposition: 'answered', status: 'completed' })
    expect(Number(row?.['duration'])).toBeGreaterThan(Number(noted?.['seconds']) - 1)
    expect(Number(row?.['duration'])).toBeLessThan((truth?.durationMs ?? 0) / 1000)
  })
})

describe('a start that fails', () => {
  test('logs a wrong password without showing it, and keeps trying', async () => {
    const pbx = await pbxWith({})
    const program = await exporter({ ARI_URL: pbx.url, ARI_PASSWORD: 'wrong-pass-word' })
    await eventually(
      () => program.output(),
      (output) => output.includes('ARI_PASSWORD'),
    )
    expect(sumOf(await scrape(program.port), 'asterisk_up')).toBe(0)
    expect((await get(program.port, '/-/ready')).status).toBe(503)
    expect(program.output()).not.toContain('wrong-pass-word')
    expect(program.child.exitCode).toBeNull()
  })

  test('waits for an Asterisk that is not there yet', async () => {
    const program = await exporter({ ARI_URL: `http://127.0.0.1:${await freePort()}` })
    await eventually(
      () => program.output(),
      (output) => output.includes('ARI_URL'),
    )
    expect(sumOf(await scrape(program.port), 'asterisk_up')).toBe(0)
    expect(program.child.exitCode).toBeNull()
  })

  test('logs that a server is not an Asterisk', async () => {
    const web = createServer((_request, response) => response.end('<html>hello</html>')).listen(0, '127.0.0.1')
    running.push(async () => web.close())
    await eventually(() => web.listening, Boolean)
    const address = web.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const program = await exporter({ ARI_URL: `http://127.0.0.1:${port}` })
    const output = await eventually(
      () => program.output(),
      (text) => text.includes('"level":40'),
    )
    expect(output).toMatch(/ARI_URL/)
  })

  const base = { ARI_USER: 'u', ARI_PASSWORD: 'p', ARI_URL: 'http://127.0.0.1:9' }

  test('exits with one line that names HTTP_PORT when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    running.push(async () => server.close())
    await eventually(() => server.listening, Boolean)
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, output } = await runProgram([], { ...base, HTTP_PORT: String(port), LOG_LEVEL: 'silent' })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*HTTP_PORT[^\n]*\n$/)])
  })

  test.each([
    ['a folder that does not exist', '/nowhere/at/all.db'],
    ['a file that is not a database', 'text'],
  ])('exits with one line that names DB_PATH for %s', async (_name, path) => {
    const db = path === 'text' ? join(freshFolder(), 'calls.db') : path
    if (path === 'text') {
      writeFileSync(db, 'This is not a database, and it is long enough to be seen as something else.'.repeat(20))
    }
    const { code, output } = await runProgram([], {
      ...base,
      DB_PATH: db,
      HTTP_PORT: String(await freePort()),
      LOG_LEVEL: 'silent',
    })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*DB_PATH[^\n]*\n$/)])
  })

  test('refuses a second instance on one database', async () => {
    const program = await exporter({ ARI_URL: 'http://127.0.0.1:9' })
    await eventually(
      () => get(program.port, '/-/healthy'),
      ({ status }) => status === 200,
    )
    const { code, output } = await runProgram([], {
      ...base,
      DB_PATH: program.db,
      HTTP_PORT: String(await freePort()),
      LOG_LEVEL: 'silent',
    })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*DB_PATH[^\n]*\n$/)])
  })

  test('reports all wrong settings at once', async () => {
    const { code, output } = await runProgram([], { HTTP_PORT: 'many', LOG_LEVEL: 'loud' })
    expect(code).toBe(1)
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(
      ['HTTP_PORT', 'LOG_LEVEL', 'ARI_USER', 'ARI_PASSWORD'].sort((a, b) => output.indexOf(a) - output.indexOf(b)),
    )
    expect((await runProgram(['--check-config'], { HTTP_PORT: 'many' })).code).toBe(1)
  })

  test('--check-config shows the settings without the password', async () => {
    const { code, output } = await runProgram(['--check-config'], { ...base, ARI_PASSWORD: PASSWORD })
    expect(code).toBe(0)
    expect(output).toContain('HTTP_PORT=9745 (default)')
    expect(output).not.toContain(PASSWORD)
  })
})

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the demo cleanly', async (signal) => {
    const port = await freePort()
    const demo = startProgram(['demo', '--rate', '10'], { HTTP_PORT: String(port) })
    running.push(async () => demo.child.kill('SIGKILL'))
    await eventually(
      () => scrape(port),
      (samples) => sumOf(samples, 'asterisk_calls_total') > 2,
    )
    expect(demo.output()).toContain(`http://127.0.0.1:${port}/metrics`)
    expect(demo.child.kill(signal)).toBe(true)
    expect(await demo.ended).toBe(0)
    expect(demo.output()).toContain('"msg":"stopped"')
  })
})

/** What the live socket says first. */
function firstMessage(port: number): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`)
  return new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error('the live socket does not open'))
    socket.onmessage = ({ data }) => {
      socket.close()
      resolve(String(data))
    }
  })
}
