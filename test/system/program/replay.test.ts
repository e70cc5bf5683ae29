// The replay command on the recordings, as a user runs it, compared with their expected calls.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EXPECTED } from '../../unit/call/recording.ts'
import { runProgram } from './program.ts'

const PLAIN = [
  'internal-answered-caller-hangup',
  'ring-no-answer',
  'forward-302',
  'local-channel-optimized',
  'chanunavail-unregistered',
  'attended-transfer',
  'queue-abandoned',
  'queue-answered-after-wait',
]

const traceOf = (name: string) => fileURLToPath(new URL(`../../traces/${name}.ndjson`, import.meta.url))

describe.concurrent.each(PLAIN)('replay %s --json', (name) => {
  test('is the expected document and nothing else', async () => {
    const { code, output } = await runProgram(['replay', traceOf(name), '--json'])
    expect(code).toBe(0)
    const document = JSON.parse(output)
    expect(document).toMatchObject({ active: 0, malformed: 0 })
    expect(document.calls).toHaveLength(EXPECTED[name]?.calls.length ?? -1)
    for (const [index, want] of (EXPECTED[name]?.calls ?? []).entries()) {
      const { duration, answer_delay, hangup_by, legs, ...exact } = want
      const got = document.calls[index]
      expect(got).toMatchObject(exact)
      expect(got.duration).toBeCloseTo(duration, 1)
      if (answer_delay === null) {
        expect(got.answer_delay).toBeNull()
      } else {
        expect(got.answer_delay).toBeCloseTo(answer_delay, 1)
      }
      if (hangup_by !== null) {
        expect(got.hangup_by).toBe(hangup_by)
      }
      expect(got.legs.map((leg: Record<string, string>) => `${leg['endpoint']} ${leg['result']}`)).toEqual(legs)
      expect(got.start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    }
    const stays = EXPECTED[name]?.queue_stays ?? []
    expect(document.queue_stays).toMatchObject(stays.map(({ call, queue, outcome }) => ({ call, queue, outcome })))
    for (const [index, { wait }] of stays.entries()) {
      const { entered, left } = document.queue_stays[index]
      expect((Date.parse(left) - Date.parse(entered)) / 1000).toBeCloseTo(wait, 0)
    }
  })
})

test.concurrent('missed callers: one who waits, and one who was called back in another notation', async () => {
  const missed = readFileSync(traceOf('inbound-direct-missed'), 'utf8')
  const waits = { number: '0401112223', attempts: 1, tries: 0, state: 'waiting', queue: null, closed_by: null }
  const alone = await runProgram(['replay', traceOf('inbound-direct-missed'), '--json'])
  expect(JSON.parse(alone.output).missed_callers).toEqual([{ ...waits, waited_seconds: expect.any(Number) }])

  const path = join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-')), 'returned.ndjson')
  const back = readFileSync(traceOf('outbound-answered'), 'utf8').replaceAll('0401234567@', '00358401112223@')
  writeFileSync(path, `${missed.trim()}\n${back}`)
  const { output } = await runProgram(['replay', path, '--json'])
  const { calls, missed_callers: callers } = JSON.parse(output)
  const [{ channel_id: by }] = calls.filter(({ direction }: { direction: string }) => direction === 'outbound')
  expect(callers).toEqual([{ ...waits, state: 'returned', waited_seconds: expect.any(Number), closed_by: by }])
})

test.concurrent('TRUNKS decides which endpoints are trunks, else their names do', async () => {
  const directions = async (trunks: string) => {
    const { output } = await runProgram(['replay', traceOf('inbound-direct-missed'), '--json'], { TRUNKS: trunks })
    return JSON.parse(output).calls.map(({ direction }: { direction: string }) => direction)
  }
  expect(await Promise.all(['auto', 'nothing-*'].map(directions))).toEqual([['inbound'], ['internal']])
})

test.concurrent('a wrong country is refused in one line', async () => {
  const { code, output } = await runProgram(['replay', traceOf('inbound-direct-missed')], { COUNTRY: 'Suomi' })
  expect(code).toBe(78)
  expect(output).toBe('COUNTRY is "Suomi": give the two-letter code of a country (ISO 3166), such as FI\n')
})

test.concurrent('a gzipped recording, as a table', async () => {
  const { code, output } = await runProgram(['replay', `${traceOf('overlapping-50')}.gz`])
  expect(code).toBe(0)
  expect(output).toContain('50 calls, 0 of them active, 0 malformed lines')
  expect(output.split('\n').filter((line) => line.includes('internal') && line.includes('answered'))).toHaveLength(50)
})

test.concurrent('replays bare events and counts malformed lines', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-')), 'bare.ndjson')
  const bare = { type: 'ChannelUserevent', timestamp: '2026-11-23T07:09:52.317+0000' }
  writeFileSync(path, `${JSON.stringify(bare)}\n{"t":1,"raw":{"type":"Dial"}}\nnot json\n[]\n\n`)
  const { output } = await runProgram(['replay', path, '--json'])
  expect(JSON.parse(output)).toEqual({ calls: [], queue_stays: [], missed_callers: [], active: 0, malformed: 3 })
})

test.concurrent.each([
  [['replay'], 78, 'replay needs a file'],
  [['replay', '/nowhere.ndjson'], 1, 'cannot read /nowhere.ndjson'],
  [['dance'], 78, '"dance" is not a command of this program: see --help'],
  [['--polonaise'], 78, 'see --help'],
])('%j is refused in one line, with exit code %d', async (words, exitCode, text) => {
  const { code, output } = await runProgram(words)
  expect(code).toBe(exitCode)
  expect(output).toContain(text)
  expect(output.trim().split('\n')).toHaveLength(1)
})

test.concurrent('refuses a file that is not a recording', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-')), 'notes.txt')
  writeFileSync(path, 'milk\n{"bread": 1}\n')
  const { code, output } = await runProgram(['replay', path])
  expect(code).toBe(1)
  expect(output).toBe(`${path} is not a recording of ARI traffic: none of its 2 lines is an event\n`)
})
