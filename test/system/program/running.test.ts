// The program against a simulated PBX: what it logs, counts and answers, and how it ends.

import { execSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exporter, PASSWORD, pbxWith, ready, rows } from './exporterUnderTest.ts'
import { eventually, freePort, get, scrape, startProgram, sumOf } from './program.ts'

const hasSqlite = spawnSync('sqlite3', ['-version']).status === 0

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
      // Within a second after the connection.
      .filter((message) => message !== 'found in the configuration of endpoints which are trunks')
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
    expect((await get(program.port, '/')).text).toMatch(/<h1>asterisk-ari-exporter \d+\.\d+\.\d+/)
    const first = await firstMessage(program.port)
    expect(first).toContain('"version":"22.10.1"')
    expect(first).not.toContain(PASSWORD)
  })
})

describe('MASK_NUMBERS', () => {
  test('keeps full numbers and names out of the call log, the log and the metrics', async () => {
    const pbx = await pbxWith({ recordings: true })
    const links = { SIP_TRACE_URL: 'https://homer.test/{call_id}', RECORDING_URL: 'https://rec.test/{file}' }
    const program = await exporter({ ARI_URL: pbx.url, MASK_NUMBERS: 'true', LOG_LEVEL: 'debug', ...links })
    await ready(program.port)
    const [truth] = await pbx.place('inbound', { ringMs: 50, talkMs: 100 }).ended
    const [row] = await eventually(
      () => rows(program.db, 'SELECT * FROM calls'),
      ([first]) => first?.['status'] === 'completed',
    )
    const number = truth?.caller ?? ''
    expect(number.length).toBeGreaterThan(6)
    expect(row).toMatchObject({ caller: `${'*'.repeat(number.length - 3)}${number.slice(-3)}`, caller_name: '' })
    const story = await get(program.port, '/api/calls/1')
    expect(JSON.parse(story.text)).toMatchObject({
      recording: null,
      recording_url: null,
      sip_trace_url: `https://homer.test/${encodeURIComponent(String(row?.['sip_call_id']))}`,
    })
    const missed = (await pbx.place('inbound-no-answer', { ringMs: 50 }).ended)[0]?.caller ?? ''
    const [caller] = await eventually(
      () => rows(program.db, 'SELECT * FROM missed_callers'),
      ({ length }) => length > 0,
    )
    expect(caller).toMatchObject({ number: `${'*'.repeat(missed.length - 3)}${missed.slice(-3)}`, name: '' })
    const written = JSON.stringify([row, caller, rows(program.db, 'SELECT * FROM legs')])
    const callers = await get(program.port, '/api/missed-callers')
    const metrics = await get(program.port, '/metrics')
    // In whichever notation.
    for (const digits of [number.slice(-7), missed.slice(-7)]) {
      expect(`${written} ${story.text} ${callers.text} ${program.output()} ${metrics.text}`).not.toContain(digits)
    }
  })
})

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the demo cleanly', async (signal) => {
    const port = await freePort()
    const sink = { CALL_LOG_SINK: 'postgres://exporter@127.0.0.1:1/calls', WEBHOOK_URL: 'http://127.0.0.1:1/' }
    const demo = startProgram(['demo', '--rate', '10'], { HTTP_PORT: String(port), ...sink })
    onTestFinished(() => void demo.child.kill('SIGKILL'))
    await eventually(
      () => scrape(port),
      (samples) => sumOf(samples, 'asterisk_calls_total') > 2,
    )
    expect(demo.output()).toContain(`http://127.0.0.1:${port}/metrics`)
    const [, command = '', file = ''] = /^ +(sqlite3 -readonly '([^']+)' .*)$/m.exec(demo.output()) ?? []
    expect(demo.output()).toContain(`${file} (SQLite; deleted at the end`)
    expect(existsSync(file)).toBe(true)
    if (hasSqlite) {
      expect(execSync(command, { encoding: 'utf8' })).toMatch(/^\d{4}-\d\d-\d\d [^|]+\|/)
    }
    expect(demo.child.kill(signal)).toBe(true)
    expect(await demo.ended).toBe(0)
    expect(existsSync(file)).toBe(false)
    expect(demo.output()).toContain('"msg":"stopped"')
    expect(demo.output()).not.toMatch(/is delivered to these sinks|ECONNREFUSED/)
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
