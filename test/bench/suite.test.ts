// The arithmetic of the benchmarks, and that every goal has a row: what would make a table lie without a sign.

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeFrame } from '../../src/ari/decode.ts'
import { rolesByName } from '../../src/call/outcome/direction.ts'
import { createTracker } from '../../src/call/tracker.ts'
import { eventually } from '../system/program/program.ts'
import { machineFacts } from './facts.ts'
import { bucketQuantile, median, percentile, ratio, ratios } from './figures.ts'
import { callBackLoad, endlessCalls, type Load, mixedLoad, officeLoad } from './frames.ts'
import { createHastySender } from './hastySender.ts'
import { parseCount } from './instructions.ts'
import { lagMs } from './lag.ts'
import { asOtherCalls, repeatedTrace } from './repeatedTrace.ts'
import { makeReport, mergeReports, type Report, readReport, verdictOf } from './report.ts'
import { BENCHMARK_NAMES, GOALS, ROWS, type RowKind } from './rows.ts'
import { seriesIn } from './scraping.ts'
import { markdownTable, shown, textTable } from './table.ts'
import { textFrame, wirePieces } from './wire.ts'

const KINDS: readonly RowKind[] = ROWS

describe('figures', () => {
  test('medians and percentiles, in any order, of any number', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7])
    const hundred = Array.from({ length: 101 }, (_, index) => 100 - index)
    expect([percentile(hundred, 0), percentile(hundred, 99), percentile(hundred, 100)]).toEqual([0, 99, 100])
    expect(percentile([10, 20], 25)).toBe(12.5)
    expect(median([])).toBeNaN()
  })

  test('gives no ratio to a missing floor, and one for each pair', () => {
    expect([ratio(3, 2), ratio(3, 0)]).toEqual([1.5, Number.NaN])
    const pairs = [
      { value: 10, floor: 10 },
      { value: 300, floor: 100 },
    ]
    expect(ratios(pairs)).toEqual([1, 3])
  })

  test('reads the number of instructions, and none where the machine does not count them', () => {
    expect(parseCount('1234567,,instructions:u,1000,100.00,,\n')).toBe(1_234_567)
    expect(parseCount('<not supported>,,instructions:u,0,100.00,,\n')).toBeNaN()
    expect(parseCount('')).toBeNaN()
  })

  test('the quantile of what a histogram grew by', () => {
    const before = [
      { le: 1, count: 50 },
      { le: 2, count: 50 },
      { le: Number.POSITIVE_INFINITY, count: 50 },
    ]
    const after = [
      { le: Number.POSITIVE_INFINITY, count: 150 },
      { le: 2, count: 140 },
      { le: 1, count: 110 },
    ]
    // 60 up to 1, 30 more up to 2, 10 above.
    expect(bucketQuantile(0.3, before, after)).toBeCloseTo(0.5)
    expect(bucketQuantile(0.75, before, after)).toBeCloseTo(1.5)
    expect(bucketQuantile(0.99, before, after)).toBe(2)
    expect(bucketQuantile(0.5, after, after)).toBeNaN()
  })

  test('reads the lag of events from a scrape', () => {
    const name = 'asterisk_exporter_event_lag_seconds_bucket'
    const scraped = (one: number, two: number) =>
      new Map([
        [`${name}{le="0.001"}`, one],
        [`${name}{le="0.0025"}`, two],
        [`${name}{le="+Inf"}`, two],
      ])
    expect(lagMs(0.5, scraped(0, 0), scraped(10, 10))).toBeCloseTo(0.5)
    expect(lagMs(0.99, scraped(10, 10), scraped(10, 20))).toBeCloseTo(2.485)
  })
})

describe('rows', () => {
  test('each goal has a row with a bound; each row has a key of its own in its benchmark', () => {
    for (const goal of Object.keys(GOALS)) {
      expect([goal, KINDS.filter((row) => row.goal === goal && row.bound !== undefined).length]).toEqual([
        goal,
        expect.toSatisfy((count: number) => count > 0),
      ])
    }
    expect(KINDS.filter((row) => row.goal !== null && row.bound === undefined)).toEqual([])
    expect(new Set(KINDS.map(({ key }) => key)).size).toBe(KINDS.length)
    expect(KINDS.filter(({ key, benchmark }) => key.split('.')[0] !== benchmark)).toEqual([])
    expect(new Set(KINDS.map(({ benchmark }) => benchmark))).toEqual(new Set(BENCHMARK_NAMES))
  })

  test('a bound is met at the bound, from its own side, and only by a value', () => {
    const kind = KINDS.find(({ key }) => key === 'log.start')
    const least = KINDS.find(({ key }) => key === 'log.gain')
    if (kind === undefined || least === undefined) {
      throw new Error('the rows of the start are gone')
    }
    const verdicts = (of: RowKind, ...values: number[]) => values.map((value) => verdictOf(of, { value }))
    expect(verdicts(kind, 1, 1.01)).toEqual([true, false])
    expect(verdicts(least, 10, 9.9)).toEqual([true, false])
    expect(verdictOf(kind, null)).toBeNull()
  })
})

const ABOUT: Omit<Report, 'rows'> = {
  machine: { ...machineFacts(), processor: 'Some CPU', cores: 2, loadBefore: 0.5 },
  startedAt: '2026-11-23T10:00:00.000Z',
  seconds: 61.4,
  quick: false,
  revision: 'abcdef0',
  base: '1234567',
  skipped: [{ benchmark: 'asterisk', why: 'no root' }],
}

describe('the report', () => {
  const report = makeReport(ABOUT, {
    figures: { 'log.start': [0.4, 0.4213, 0.5], 'log.gain': 8, 'log.rows': 10_000_000, 'log.scan': Number.NaN },
    base: { 'log.start': [1, 1.5] },
    ran: ['log'],
  })

  test('has the rows of what ran, with verdicts, and survives being written', () => {
    expect(new Set(report.rows.map(({ benchmark }) => benchmark))).toEqual(new Set(['log']))
    const row = (key: string) => report.rows.find((one) => one.key === key)
    expect(row('log.start')).toMatchObject({
      found: { value: 0.4213, range: [0.4, 0.5] },
      base: { value: 1.25, range: [1, 1.5] },
      met: true,
    })
    expect(row('log.gain')).toMatchObject({ found: { value: 8, range: null }, base: null, met: false })
    expect(row('log.scan')).toMatchObject({ found: null, met: null })
    const folder = mkdtempSync(join(tmpdir(), 'bench-report-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report))
    expect(readReport(join(folder, 'report.json'))).toEqual(report)
    writeFileSync(join(folder, 'other.json'), '[1]')
    expect(() => readReport(join(folder, 'other.json'))).toThrow('no report')
  })

  test('as text: values beside goals, goals judged by all of their rows, what was left out, the machine', () => {
    const text = textTable(report)
    expect(text).toMatch(/start until \/metrics is right +1\.25 \(1-1\.5\) +0\.421 \(0\.4-0\.5\) s +P5 ≤ 1 +met/)
    expect(text).toMatch(/the scan against the start +8 times +P5 ≥ 10 +missed/)
    expect(text).toMatch(/counting the rows instead +-$/m)
    expect(text).toMatch(/^P5 +missed /m)
    expect(text).toMatch(/^P9 +not measured /m)
    expect(text).toContain('asterisk was left out: no root')
    expect(text).toContain('Some CPU, 2 cores')
    const all = { ...report, rows: report.rows.map((row) => ({ ...row, met: row.bound === undefined ? null : true })) }
    expect(textTable(all)).toMatch(/^P5 +met /m)
  })

  test('of several runs of one version is one report, in which the later run counts', () => {
    const again = makeReport(
      { ...ABOUT, base: null, skipped: [] },
      { figures: { 'log.start': 2, 'asterisk.channels': 600 }, base: {}, ran: ['log', 'asterisk'] },
    )
    const merged = mergeReports([report, again])
    const found = (key: string) => merged.rows.find((row) => row.key === key)?.found
    expect([found('log.start')?.value, found('asterisk.channels')?.value]).toEqual([2, 600])
    expect(merged.rows.length).toBe(again.rows.length)
    expect(merged).toMatchObject({ base: '1234567', seconds: 122.8, skipped: [] })
    expect(() => mergeReports([report, { ...again, revision: 'fedcba9' }])).toThrow('two versions')
  })

  test('as Markdown: measured rows only, five cells each', () => {
    const lines = markdownTable(report)
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(lines).toContain('| calls in the log |  | 10,000,000 calls | P5 ≥ 10,000,000 | met |')
    expect(lines).toHaveLength(2 + 3)
    for (const line of lines) {
      expect(line.split('|')).toHaveLength(7)
    }
  })

  test('shows figures with their significant digits', () => {
    expect([0.12345, 1.5, 99.96, 1234.5, 0, 10_000_000].map(shown)).toEqual([
      '0.123',
      '1.5',
      '100',
      '1,235',
      '0',
      '10,000,000',
    ])
  })
})

describe('what is sent', () => {
  test('frames of each length, and pieces that end where frames end', () => {
    expect([...textFrame('hi')]).toEqual([0x81, 2, 0x68, 0x69])
    const long = textFrame('é'.repeat(100))
    expect([...long.subarray(0, 4), long.length]).toEqual([0x81, 126, 0, 200, 204])
    expect(() => textFrame('x'.repeat(70_000))).toThrow('longer')
    const frames = Array.from({ length: 900 }, (_, index) => `${index} ${'x'.repeat(600)}`)
    const pieces = wirePieces(frames)
    expect(pieces.length).toBeGreaterThan(1)
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat(frames.map(textFrame)))
    for (const piece of pieces) {
      expect(piece[0]).toBe(0x81)
    }
  })

  test('an office misses every eighth call from outside, the mix more than every fourth', () => {
    const missedShare = ({ frames }: Load): number => {
      const tracker = createTracker({ roleOf: rolesByName([]) })
      tracker.apply({ type: 'SnapshotTaken', at: 0, channels: [], bridges: [], endpoints: [] })
      const decoded = frames.map((text) => decodeFrame(text))
      const facts = decoded.flatMap((one) => (one.kind === 'event' ? tracker.apply(one.event) : []))
      const inbound = facts.flatMap((fact) =>
        fact.type === 'CallEnded' && fact.call.direction === 'inbound' ? [fact.call] : [],
      )
      return inbound.filter(({ missed }) => missed).length / inbound.length
    }
    const [office, mix] = [missedShare(officeLoad('lean', 1_500, 1)), missedShare(callBackLoad('lean', 1_500, 1))]
    expect(office).toBeGreaterThan(0.1)
    expect(office).toBeLessThan(0.15)
    expect(mix).toBeGreaterThan(0.25)
  })

  test('a mix ends all of its calls, endless calls do not, and no two loads share a channel', () => {
    const [mix, live] = [mixedLoad('real', 30, 1), endlessCalls(10, 2)]
    const events = (frames: readonly string[]) =>
      frames.map((text) => {
        const decoded = decodeFrame(text)
        expect(decoded.kind).not.toBe('malformed')
        return decoded.kind === 'event' ? decoded.event : null
      })
    const ids = (frames: readonly string[], type: string) =>
      new Set(events(frames).flatMap((event) => (event?.type === type && 'channel' in event ? [event.channel.id] : [])))
    expect(mix.calls).toBeGreaterThanOrEqual(30)
    expect(ids(mix.frames, 'ChannelDestroyed')).toEqual(ids(mix.frames, 'ChannelCreated'))
    expect(ids(live.frames, 'ChannelCreated').size).toBe(20)
    expect(ids(live.frames, 'ChannelDestroyed').size).toBe(0)
    const [one, other] = [ids(mix.frames, 'ChannelCreated'), ids(live.frames, 'ChannelCreated')]
    expect([...one].filter((id) => other.has(id))).toEqual([])
  })
})

test('the recorded load is other calls each time, with as many ends', () => {
  const { pieces, calls } = repeatedTrace()
  const idsIn = (bytes: Buffer) => new Set(bytes.toString('latin1').match(/"id":"\d{10}\.\d+"/g))
  const [piece] = pieces
  if (piece === undefined) {
    throw new Error('the recording has no frames')
  }
  const [first, second] = [asOtherCalls(piece, 0), asOtherCalls(piece, 1)]
  expect(idsIn(first).size).toBe(idsIn(piece.bytes).size)
  expect([...idsIn(first)].filter((id) => idsIn(second).has(id) || idsIn(piece.bytes).has(id))).toEqual([])
  expect([first.length, calls, pieces.at(-1)?.ended]).toEqual([piece.bytes.length, 1_500, 1_500])
})

describe('the hasty sender', () => {
  async function connected() {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1')
    const [accepted] = (await once(server, 'connection')) as [Socket]
    onTestFinished(() => {
      accepted.destroy()
      socket.destroy()
      server.close()
    })
    return { socket, reader: accepted, send: createHastySender(socket) }
  }

  test('sends all pieces in order to who reads', async () => {
    const { send, reader, socket } = await connected()
    const sent = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1_000, index % 256))
    for (const piece of sent) {
      send(piece)
    }
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of reader) {
      parts.push(part)
      bytes += part.length
      if (bytes === 300_000) {
        break
      }
    }
    expect(Buffer.concat(parts).equals(Buffer.concat(sent))).toBe(true)
    expect(socket.destroyed).toBe(false)
  })

  test('cuts off who does not read', async () => {
    const { send, socket } = await connected()
    const piece = Buffer.alloc(256 * 1024)
    await eventually(() => {
      send(piece)
      return socket.destroyed
    }, Boolean)
  })
})

test('the series of an exposition are counted', () => {
  expect(seriesIn('# HELP a b\n# TYPE a gauge\na 1\na{b="c"} 2\n')).toBe(2)
})
