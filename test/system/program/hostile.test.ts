// Hostile numbers and names of callers are harmless in every output.
//
// The frames are a recorded call with its caller replaced, sent over a real socket to two real programs.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import type { TraceFrame } from '../../../src/pbx-sim/replay.ts'
import { eventually, freePort, freshFolder, get, type Program, scrape, startProgram, sumOf } from './program.ts'

/** In every text, so that none is overlooked. */
const MARK = 'qqzz'

const TEXTS: readonly string[] = [
  `${MARK}'; DROP TABLE calls; --`,
  `${MARK}"><script>alert(1)</script><img src=x onerror=alert(1)>`,
  `${MARK}\r\n{"level":50,"msg":"forged"}\nINFO: forged`,
  `${MARK}\u0000after nul`,
  `${MARK}\u001b[2J\u001b]0;title\u0007\u009b31m\u007f`,
  `${MARK}\u202e321\u2066\u200f\u061c\u2028\u2029\ufeff\u00ad`,
  `${MARK}\ud800 high \udfff low`,
  `${MARK}\\" \\u0041 \${jndi:ldap://x} %s %d {{7*7}}`,
  `${MARK}="1",le="+Inf"} 7\nasterisk_up 0`,
  `${MARK}${'x'.repeat(9_990)}`,
  '__proto__',
]

const running: (() => Promise<unknown>)[] = []
let pbx: Pbx
let json: Started
let pretty: Started

interface Started {
  readonly program: Program
  readonly port: number
  readonly db: string
}

beforeAll(async () => {
  pbx = await startPbx({ user: 'exporter', password: 'pass-word', traffic: 'lean' })
  running.push(pbx.stop)
  json = await start('json')
  pretty = await start('pretty')
  for (const [index, text] of TEXTS.entries()) {
    await pbx.replayTrace(callOf(text, index), { speed: 0 })
  }
  for (const { port } of [json, pretty]) {
    await eventually(
      () => scrape(port),
      (samples) => sumOf(samples, 'asterisk_exporter_calllog_calls_written_total') === TEXTS.length,
    )
  }
})

afterAll(async () => {
  for (const stop of running.reverse()) {
    await stop()
  }
})

describe('hostile numbers and names', () => {
  test('are one line of JSON each in the log, with nothing in it that steers', () => {
    const lines = json.program.output().trimEnd().split('\n')
    const messages = lines.map((line): string => JSON.parse(line).msg)
    expect(messages.filter((message) => message.startsWith('ended '))).toHaveLength(TEXTS.length)
    expect(lines.filter((line) => JSON.parse(line).level > 30)).toEqual([])
    // Neither raw nor as a reader that decodes the JSON would print it.
    expect(messages.join('')).not.toMatch(STEERING)
    expect(lines.join('')).not.toMatch(STEERING)
  })

  test('are one line each in the pretty log', () => {
    const lines = pretty.program.output().trimEnd().split('\n')
    expect(lines.filter((line) => !/^\[\d\d:\d\d:\d\d\.\d\d\d\] (INFO|DEBUG): /.test(line))).toEqual([])
    expect(lines.filter((line) => line.includes('ended '))).toHaveLength(TEXTS.length)
    expect(lines.join('')).not.toMatch(STEERING)
  })

  test('are never on /metrics', async () => {
    const { text } = await get(json.port, '/metrics')
    expect(text).not.toContain(MARK)
    expect(text).not.toContain('__proto__')
    const samples = await scrape(json.port)
    expect([samples.get('asterisk_up'), sumOf(samples, 'asterisk_calls_total')]).toEqual([1, TEXTS.length])
    expect(samples.get('asterisk_calls_total{direction="inbound",disposition="answered"}')).toBe(TEXTS.length)
  })

  test.runIf(spawnSync('promtool', ['--version']).status === 0)('leave promtool nothing to say', async () => {
    const { text } = await get(json.port, '/metrics')
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })

  test('are in the database as they were sent, as far as it is text', () => {
    const database = new Database(json.db, { readonly: true })
    const rows = database.prepare<[], Stored>('SELECT caller, caller_name, disposition FROM calls ORDER BY id').all()
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(rows).toEqual(
      // Half of a surrogate pair is no text that UTF-8 could hold; a NUL would end it for many readers.
      TEXTS.map((text) => Buffer.from(text).toString().replaceAll('\u0000', '\ufffd')).map((text) => ({
        caller: text,
        caller_name: text,
        disposition: 'answered',
      })),
    )
  })

  test('are no part of the page', async () => {
    const { status, text } = await get(json.port, '/')
    expect(status).toBe(200)
    expect(text).not.toMatch(/<script>alert|onerror=/)
    expect(text).not.toMatch(STEERING)
  })
})

/** What moves a cursor, begins a line or turns one around; a line's own end is split off before. */
const STEERING = /(?![\n])[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff]/u

interface Stored {
  readonly caller: string
  readonly caller_name: string
  readonly disposition: string
}

async function start(format: 'json' | 'pretty'): Promise<Started> {
  const port = await freePort()
  const db = join(freshFolder(), 'calls.db')
  const program = startProgram([], {
    ARI_URL: pbx.url,
    ARI_USER: 'exporter',
    ARI_PASSWORD: 'pass-word',
    ARI_APP: `listener-${format}`,
    DB_PATH: db,
    HTTP_PORT: String(port),
    LOG_LEVEL: 'debug',
    LOG_FORMAT: format,
  })
  running.push(async () => {
    program.child.kill('SIGKILL')
    await program.ended
  })
  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
  return { program, port, db }
}

// The first call of a recording: trunk-a calls, 102 answers. Its ids are made new, and the texts of its caller are `text`.
const TRACE = readFileSync(new URL('../../traces/caller-ids.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const FIRST_CALL = TRACE.slice(
  0,
  TRACE.findIndex((line) => line.includes('PJSIP/trunk-a-00000006')),
)

function callOf(text: string, index: number): readonly TraceFrame[] {
  return FIRST_CALL.map((line) => {
    const renamed = line
      .replaceAll(/"1795418115\.(\d+)"/g, `"1795418115.$1${String(index).padStart(3, '0')}"`)
      .replaceAll(/"f1548e/g, `"${String(index).padStart(6, '0')}`)
      .replaceAll(/-0000000([45])"/g, `-${String(index).padStart(7, '0')}$1"`)
    return JSON.parse(renamed, (_key, value) => (isCaller(value) ? { name: text, number: text } : value))
  })
}

function isCaller(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'number') === '+420601234567'
}
