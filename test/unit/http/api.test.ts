// The JSON API over real sockets and a real call log.

import { connect } from 'node:net'
import { hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import { linesNeeded } from '../../../src/query/erlangB.ts'
import type { ExporterQueries } from '../../../src/query/query.ts'
import { QueryFailure } from '../../../src/query/queryFailure.ts'
import { queueFigures } from '../../../src/query/queueFigures.ts'
import type { Queues } from '../../../src/query/queueSchema.ts'
import type { CallEntry, CallPage } from '../../../src/query/schema.ts'
import type { Trunks } from '../../../src/query/trunkSchema.ts'
import { dayStart } from '../../../src/time/clock.ts'
import { isoInstant } from '../../../src/time/format.ts'
import { byStart, makeCalls, matches } from '../calllog/manyCalls.ts'
import { endedCall, sampleCall, T0 } from '../calllog/samples.ts'
import { LIVE, serveApi, sharedApi } from './apiServer.ts'
import { parseCsv } from './csv.ts'
import { ask, basic } from './request.ts'

const known = makeCalls(400)
const shared = sharedApi({ known })

async function json<T>(url: string): Promise<T> {
  const answer = await ask(url)
  expect([url, answer.status]).toEqual([url, 200])
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['cache-control']).toBe('no-store')
  return JSON.parse(answer.text)
}

describe('calls', () => {
  test('each filter selects the right calls, alone and combined', async () => {
    const { url } = await shared()
    const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString()
    for (const [query, filter] of [
      ['', {}],
      [`from=${at(60)}`, { from: T0 + 60_000 }],
      [`to=${at(60)}`, { to: T0 + 60_000 }],
      ['from=2026-03-05', { from: T0 + 86_400_000 }],
      ['direction=inbound', { direction: ['inbound'] }],
      ['direction=inbound,transit', { direction: ['inbound', 'transit'] }],
      ['direction=inbound&direction=transit', { direction: ['inbound', 'transit'] }],
      ['disposition=busy,failed', { disposition: ['busy', 'failed'] }],
      ['missed=true', { missed: true }],
      ['missed=false', { missed: false }],
      ['caller=%2B358401234567', { caller: '+358401234567' }],
      ["caller=o'neil", { caller: "o'neil" }],
      ['callee=100_', { callee: '100_' }],
      ['operator=102', { operator: '102' }],
      ['trunk=trunk-a', { trunk: 'trunk-a' }],
      ['queue=support', { queue: 'support' }],
      ['sip_call_id=dialog-3%40pc33.example.com', { sipCallId: 'dialog-3@pc33.example.com' }],
      ['min_duration=90.5', { minDuration: 90.5 }],
      ['max_duration=90.5', { maxDuration: 90.5 }],
      ['number=102', { number: '102' }],
      ['number=102&caller=%2B358401234567', { number: '102', caller: '+358401234567' }],
      ['name=Alice&max_duration=60', { name: 'Alice', maxDuration: 60 }],
      ['answered_by=101', { answeredBy: '101' }],
      ['text=4567', { text: '4567' }],
      ['text=4567&caller=&queue=%20&direction=&from=', { text: '4567' }],
      ['text=%25', { text: '%' }],
      [
        'direction=inbound&missed=false&operator=101&text=1',
        { direction: ['inbound'], missed: false, operator: '101', text: '1' },
      ],
    ] as const) {
      const expected = known.filter((one) => matches(filter, one)).sort(byStart)
      const newest = await json<CallPage>(`${url}/api/calls?limit=500&${query}`)
      expect([query, newest.calls.map(({ id }) => id)]).toEqual([query, expected.map(({ id }) => id)])
      expect(newest.next).toBeNull()
      const oldest = await json<CallPage>(`${url}/api/calls?limit=500&order=oldest&${query}`)
      expect(oldest.calls.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).reverse())
    }
  })

  test('the cursors lead through all pages', async () => {
    const { url } = await shared()
    const ids: number[] = []
    let page = await json<CallPage>(`${url}/api/calls`)
    expect(page.calls).toHaveLength(50)
    for (; page.next !== null; page = await json(`${url}/api/calls?cursor=${encodeURIComponent(page.next)}`)) {
      ids.push(...page.calls.map(({ id }) => id))
    }
    expect([...ids, ...page.calls.map(({ id }) => id)]).toEqual([...known].sort(byStart).map(({ id }) => id))
  })

  const expectedInstant =
    'an instant such as 2026-11-23T07:08:26Z or 2026-11-23T09:08+02:00, or a day in UTC such as 2026-11-23'
  test.each([
    ['calls?from=yesterday', [`from: give ${expectedInstant}`]],
    ['calls?from=2026-02-30', [`from: give ${expectedInstant}`]],
    ['calls?from=2026-01-01T00:00:00', [`from: give ${expectedInstant}`]],
    ['calls?from=2026-01-02&to=2026-01-01', ['from: give an instant before `to`']],
    ['missed-callers?closed_from=2026-01-02&closed_to=2026-01-01', ['closed_from: give an instant before `closed_to`']],
    ['missed-callers?closed_to=yesterday', [`closed_to: give ${expectedInstant}`]],
    ['calls?limit=0', ['limit: give a whole number from 1 to 500']],
    ['calls?limit=501', ['limit: give a whole number from 1 to 500']],
    ['calls?limit=1e2', ['limit: give a whole number from 1 to 500']],
    ['calls?limit=-5', ['limit: give a whole number from 1 to 500']],
    ['calls?limit=1&limit=2', ['limit: give it once']],
    ['calls?missed=yes', ['missed: give true or false']],
    ['calls?direction=up', ['direction: give one or more of: inbound, outbound, internal, transit']],
    ['calls?direction=inbound,', ['direction: give one or more of: inbound, outbound, internal, transit']],
    ['calls?min_duration=-1', ['min_duration: give seconds, such as 90']],
    ['calls?min_duration=NaN', ['min_duration: give seconds, such as 90']],
    [`calls?caller=${'1'.repeat(129)}`, ['caller: give a number of at most 128 characters']],
    ['calls?txet=', [expect.stringMatching(/^txet: not a known parameter/)]],
    ['calls?order=random', ['order: give newest, oldest or longest']],
    ['calls?format=csv', [expect.stringMatching(/^format: not a known parameter/)]],
    ['calls?total=yes', ['total: give true or false']],
    ['calls.csv?total=true', [expect.stringMatching(/^total: not a known parameter/)]],
    ['calls?min_duration=9&max_duration=8.5', ['min_duration: give no more than `max_duration`']],
    ['calls?cursor=!', ['cursor: give the `next` of a page']],
    ['calls?cursor=WyJuZXdlc3QiLCIiLC0xXQ', ['cursor: give the `next` of a page']],
    ['calls?cursor=WyJuZXdlc3QiLCIyMDI2IiwxXQ&order=oldest', ['cursor: belongs to a page in the other order']],
    ['calls?__proto__=1', [expect.stringMatching(/^__proto__: not a known parameter; there are: from, to, /)]],
    ['calls?filter[caller]=1', [expect.stringMatching(/^filter\[caller\]: not a known parameter/)]],
    [
      'calls?x=1&y=2&limit=zero&direction=up&order=x',
      [
        'direction: give one or more of: inbound, outbound, internal, transit',
        'order: give newest, oldest or longest',
        'limit: give a whole number from 1 to 500',
        expect.stringMatching(/^x: /),
        expect.stringMatching(/^y: /),
      ],
    ],
    ['calls/active?limit=9999', ['limit: give a whole number from 1 to 5000']],
    ['calls/1?full=1', ['full: not a known parameter; there are none here']],
    ['stats?from=now', [`from: give ${expectedInstant}`]],
    ['stats?to=2026-01-01&from=2026-01-01', ['from: give an instant before `to`']],
    ['stats?by=week', [expect.stringMatching(/^by: give one of: hour, day, weekday_hour, waiting, operator,/)]],
    [
      'stats?tz=Europe/Helsinki&queue=a',
      ['tz: give `by` with it; it is for a series', 'queue: give `by` with it; it is for a series'],
    ],
    ['stats?by=day&tz=Nowhere/City', ['tz: give the name of a time zone, such as Europe/Helsinki']],
    ['stats?by=hour&from=2025-01-01&to=2026-01-01', ['from: give at most 100 days by hour']],
    ['stats?by=operator&direction=inbound', [expect.stringMatching(/^direction: leave it out by operator/)]],
    ['operators?limit=5', ['limit: not a known parameter; there are: from, to']],
    ['openapi.json?v=1', ['v: not a known parameter; there are none here']],
  ])('/api/%s is answered with a 400 that names each problem', async (path, problems) => {
    const { url } = await serveApi()
    const answer = await ask(`${url}/api/${path}`)
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json'])
    expect(JSON.parse(answer.text)).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: problems.length === 1 ? problems[0] : `${problems.length} problems: see \`problems\``,
      problems,
    })
  })

  test.each(["' OR 1=1 --", '"; DROP TABLE calls; --', '%00', '%FF', '😀', '*', '[0-9]*', '{{x}}', '%0d%0aX: y'])(
    'the text %s in a filter matches literally and does no harm',
    async (text) => {
      const { url } = await shared()
      for (const name of [
        'text',
        'caller',
        'callee',
        'number',
        'name',
        'answered_by',
        'operator',
        'trunk',
        'queue',
        'sip_call_id',
      ]) {
        const encoded = text.startsWith('%') ? text : encodeURIComponent(text)
        const expected = name === 'text' && text === '*' ? known.filter((one) => matches({ text }, one)).length : 0
        const { calls } = await json<CallPage>(`${url}/api/calls?limit=500&${name}=${encoded}`)
        expect([name, calls.length]).toEqual([name, expected])
      }
      expect((await json<CallPage>(`${url}/api/calls?limit=500`)).calls).toHaveLength(400)
    },
  )
})

describe('changes', () => {
  test('are told page by page, each with a cursor; after an empty page, later ones', async () => {
    const { url } = await shared()
    const since = `${url}/api/calls?updated_since=2026-01-01&limit=150`
    const ids: number[] = []
    let page = await json<CallPage>(since)
    for (let pages = 0; page.calls.length > 0 && pages < 5; pages += 1) {
      ids.push(...page.calls.map(({ id }) => id))
      page = await json<CallPage>(`${since}&cursor=${page.next}`)
    }
    expect(ids).toEqual(known.map(({ id }) => id))
    expect(await json<CallPage>(`${since}&cursor=${page.next}`)).toEqual(page)
    expect((await json<CallPage>(`${url}/api/calls?updated_since=2999-01-01`)).calls).toEqual([])
  })

  test.each([
    ['queue=sales&order=oldest&direction=', ['queue: leave it out', 'order: leave it out']],
    ['limit=0', ['limit: give a whole number from 1 to 500']],
    ['limt=1', ['limt: not a known parameter; there are: updated_since, limit, cursor']],
    ['cursor=WyJuZXdlc3QiLCIyMDI2IiwxXQ', ['cursor: give the `next` of a page with `updated_since`']],
    ['cursor=WyJjaGFuZ2VzIiwib3RoZXIiLDUsN10', ['cursor: it is of another call log']],
  ])('with %s are a problem', async (query, wanted) => {
    const { url } = await shared()
    const answer = await ask(`${url}/api/calls?updated_since=2026-01-01&${query}`)
    expect([answer.status, JSON.parse(answer.text).problems]).toEqual([
      400,
      wanted.map((start) => expect.stringContaining(start)),
    ])
  })
})

describe('CSV', () => {
  const columns = [
    'id',
    'channel_id',
    'caller',
    'caller_name',
    'callee',
    'direction',
    'status',
    'disposition',
    'missed',
  ]

  test('has the longest calls first if asked, to the last page', async () => {
    const { url } = await shared()
    const [, ...rows] = parseCsv((await ask(`${url}/api/calls.csv?order=longest`)).text)
    const pages = await json<CallPage>(`${url}/api/calls?order=longest&limit=500`)
    expect(pages.next).toBeNull()
    expect(rows.map(([id]) => id)).toEqual(pages.calls.map(({ id }) => String(id)))
    const durations = pages.calls.map(({ duration }) => duration)
    expect(durations).toEqual(durations.toSorted((one, other) => other - one))
    expect(rows).toHaveLength(known.length)
    expect((await ask(`${url}/api/missed-callers?order=longest`)).status).toBe(400)
  })

  test('5,000 calls are sent completely and in order, page by page', async () => {
    const many = makeCalls(5_000)
    const limits: number[] = []
    const { url } = await serveApi({
      known: many,
      queries: (real) => ({
        ...real,
        csv(request) {
          limits.push(request.limit)
          return real.csv(request)
        },
      }),
    })
    const answer = await ask(`${url}/api/calls.csv`)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers['content-disposition']).toBe('attachment; filename="calls.csv"')
    expect(answer.headers['content-length']).toBeUndefined()
    const [header, ...rows] = parseCsv(answer.text)
    expect(header?.slice(0, 9)).toEqual(columns)
    const expected = many.toSorted(byStart)
    expect(rows.map(([id, channel, caller]) => [id, channel, caller])).toEqual(
      expected.map(({ id, call }) => [String(id), call.channelId, call.caller === '=1+1' ? "'=1+1" : call.caller]),
    )
    expect(limits.length).toBeGreaterThanOrEqual(10)
    expect(Math.max(...limits)).toBe(500)
  })

  test('is the only answer of its path, whatever is accepted; with a limit it is so long', async () => {
    const { url } = await shared()
    const typeOf = async (path: string, accept: string) =>
      (await ask(`${url}/api/${path}`, { headers: { accept } })).headers['content-type']?.split(';')[0]
    expect(await typeOf('calls.csv', 'application/json')).toBe('text/csv')
    expect(await typeOf('missed-callers.csv', '*/*')).toBe('text/csv')
    expect(await typeOf('calls', 'text/csv')).toBe('application/json')
    const one = await ask(`${url}/api/calls.csv?limit=7&missed=true`)
    expect(parseCsv(one.text)).toHaveLength(8)
    const none = await ask(`${url}/api/calls.csv?caller=nobody`)
    expect(parseCsv(none.text)).toHaveLength(1)
    expect(one.headers['content-disposition']).toBe('attachment; filename="calls-missed.csv"')
    const head = await fetch(`${url}/api/calls.csv`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('has instants of the time zone that is asked for', async () => {
    const { url } = await shared()
    const instantsOf = async (query: string) =>
      parseCsv((await ask(`${url}/api/calls.csv${query}`)).text).flatMap((row) =>
        row.filter((each) => /^\d{4}-.*T/.test(each)),
      )
    const inUtc = await instantsOf('?limit=20')
    const local = await instantsOf('?limit=20&tz=Asia/Kathmandu')
    expect(inUtc.length).toBeGreaterThan(20)
    expect(local.filter((each) => !/T\d\d:\d\d:\d\d\+05:45$/.test(each))).toEqual([])
    expect(local.map((each) => Date.parse(each))).toEqual(
      inUtc.map((each) => Math.floor(Date.parse(each) / 1000) * 1000),
    )
    for (const list of ['calls', 'missed-callers']) {
      const refused = await ask(`${url}/api/${list}.csv?tz=Moon`)
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('tz: give the name of a time zone')])
      expect((await ask(`${url}/api/${list}?tz=UTC`)).status).toBe(400)
    }
  })

  test('the log is read no faster than the client reads, and no further when it disconnects', async () => {
    let pages = 0
    const { url } = await serveApi({
      known,
      queries: (real) => ({
        ...real,
        // Without an end.
        async csv(request) {
          pages += 1
          return { ...(await real.csv({ ...request, cursor: undefined } as never)), next: 'more' }
        },
      }),
    })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /api/calls.csv HTTP/1.1\r\nHost: localhost\r\n\r\n')
    socket.pause()
    await expect.poll(() => pages).toBeGreaterThan(0)
    const pagesRead = await settled(() => pages)
    expect(pagesRead).toBeGreaterThan(0)
    socket.destroy()
    expect(await settled(() => pages)).toBeLessThan(pagesRead + 10)
    expect((await ask(`${url}/api/calls?limit=1`)).status).toBe(200)
  })

  test('two clients at a time download the whole log; a third gets a 503 with Retry-After until one disconnects', async () => {
    const waiting: AbortSignal[] = []
    const { url } = await serveApi({
      known,
      queries: (real) => ({
        ...real,
        csv(request, signal) {
          if (request.filter.caller === undefined || signal === undefined) {
            return real.csv(request, signal)
          }
          waiting.push(signal)
          return new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new QueryFailure('aborted', 'gone'))),
          )
        },
      }),
    })
    const held = [1, 2].map(() => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.write('GET /api/calls.csv?caller=held HTTP/1.1\r\nHost: localhost\r\n\r\n')
      return socket
    })
    await expect.poll(() => waiting.length).toBe(2)
    const refusal = await ask(`${url}/api/calls.csv`)
    expect([refusal.status, refusal.headers['retry-after']]).toEqual([503, '10'])
    expect((await ask(`${url}/api/calls.csv?limit=3`)).status).toBe(200)
    held[0]?.destroy()
    await expect.poll(() => waiting[0]?.aborted).toBe(true)
    await expect.poll(async () => (await ask(`${url}/api/calls.csv`)).status).toBe(200)
    held[1]?.destroy()
  })

  test('a download that fails half-way is cut off; one that fails at once is answered with a 503', async () => {
    const failingAt = (failingPage: number) => (real: ExporterQueries) => {
      let pages = 0
      return {
        ...real,
        csv: (request: Parameters<ExporterQueries['csv']>[0]) =>
          ++pages === failingPage ? Promise.reject(new QueryFailure('unreadable', 'no')) : real.csv(request),
      }
    }
    const many = makeCalls(1500)
    const half = await serveApi({ known: many, queries: failingAt(2) })
    await expect(ask(`${half.url}/api/calls.csv`)).rejects.toThrow()
    const none = await serveApi({ known: many, queries: failingAt(1) })
    const answer = await ask(`${none.url}/api/calls.csv`)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(JSON.parse(answer.text)).toMatchObject({ title: 'Service Unavailable', detail: 'no', problems: ['no'] })
    expect(answer.headers['content-disposition']).toBeUndefined()
  })
})

// Waits until a count stops changing.
async function settled(count: () => number): Promise<number> {
  for (let before = -1; ; ) {
    if (count() === before) {
      return before
    }
    before = count()
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

describe('one call', () => {
  test('has all fields of the list, and its legs', async () => {
    const { url } = await shared()
    const { calls } = await json<CallPage>(`${url}/api/calls?limit=5`)
    for (const entry of calls) {
      const detail = await json<CallEntry & { legs: unknown[] }>(`${url}/api/calls/${entry.id}`)
      expect(detail).toMatchObject(entry)
      expect(detail.legs).toHaveLength(known.find(({ id }) => id === entry.id)?.legs.length ?? -1)
      expect(await json(`${url}/api/calls/${encodeURIComponent(entry.channel_id)}`)).toEqual(detail)
    }
  })

  test('is found by the id of its channel, with any characters, while it is active and after it has ended', async () => {
    const names = ['1772600000.1', 'pbx/a b?c=ü#%', "'; DROP TABLE calls;--", '..%2F1']
    const calls = [...names, '1772600000.1'].map((channelId, index) => ({
      id: index + 1,
      call: index === 1 ? sampleCall({ channelId }) : endedCall({ channelId }),
      legs: [],
    }))
    const { url } = await serveApi({ known: calls })
    const idOf = async (name: string) => (await json<CallEntry>(`${url}/api/calls/${encodeURIComponent(name)}`)).id
    // If two calls have the same channel id, the later one is found.
    expect(await Promise.all(names.map(idOf))).toEqual([5, 2, 3, 4])
    expect(await json(`${url}/api/calls/${encodeURIComponent('pbx/a b?c=ü#%')}`)).toMatchObject({ end_time: null })
    expect((await ask(`${url}/api/calls/1772600000`)).status).toBe(404)
    expect((await ask(`${url}/api/calls/1772600000.2`)).status).toBe(404)
  })
})

test.each([
  'calls/0',
  'calls/401',
  'calls/-1',
  'calls/1.5',
  'calls/1e1',
  'calls/x',
  'calls/9007199254740993',
  'calls/1/',
  'calls/1/legs',
  'Calls',
  'calls/',
  '',
  'calls/%E0%A4%A',
  'live',
  '../api/nothing',
  'operators/101',
])('/api/%s is answered with a 404 as a problem', async (path) => {
  const { url } = await shared()
  const answer = await ask(url, { path: `/api/${path}` })
  expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 404, 'application/problem+json'])
  expect(JSON.parse(answer.text)).toMatchObject({ status: 404, title: 'Not Found', problems: [expect.any(String)] })
})

test('only GET and HEAD are answered', async () => {
  const { url } = await shared()
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    for (const path of ['calls', 'calls/1', 'stats']) {
      const answer = await fetch(`${url}/api/${path}`, { method })
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD'])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ title: 'Method Not Allowed', status: 405 })
    }
  }
})

describe('the present', () => {
  test('lists the active calls with their rows, the oldest first', async () => {
    const live = [LIVE, sampleCall({ channelId: 'live-2' }), sampleCall({ channelId: 'live-3' })]
    const { url } = await serveApi({ live })
    const all = await json<{ total: number; calls: { id: number | null; channel_id: string }[] }>(
      `${url}/api/calls/active`,
    )
    expect(all).toMatchObject({ at: new Date(T0 + 60_000).toISOString(), total: 3 })
    expect(all.calls.map(({ id, channel_id }) => [id, channel_id])).toEqual([
      [17, 'live-1'],
      [null, 'live-2'],
      [null, 'live-3'],
    ])
    expect(await json(`${url}/api/calls/active?limit=2`)).toMatchObject({ total: 3, calls: all.calls.slice(0, 2) })
  })

  test('lists operators with the figures of the last day and their state; those without calls come last', async () => {
    const { url, queries } = await shared()
    const found = await json<{ from: string; operators: { operator: string; state: string | null }[] }>(
      `${url}/api/operators`,
    )
    expect(found.from).toBe(new Date(T0 + 60_000 - 86_400_000).toISOString())
    const counted = await queries.operators({ from: T0 + 60_000 - 86_400_000, to: T0 + 60_000 })
    expect(counted.length).toBe(3)
    expect(found.operators).toEqual([
      ...counted.map((one) => ({ ...one, state: one.operator === '102' ? 'talking' : null })),
      expect.objectContaining({ operator: '777', state: 'offline', offered: 0, average_talk_seconds: null }),
    ])
    const { operators } = await json<typeof found>(`${url}/api/operators?from=2000-01-01&to=2000-01-02`)
    expect(operators.map(({ operator }) => operator)).toEqual(['102', '777'])
  })

  test('lists trunks with their busiest hour, the lines that it needs, and what TRUNK_CHANNELS says', async () => {
    const { url, queries } = await shared()
    const to = T0 + 60_000
    const { trunks: hours } = await queries.busiestHours({ from: to - 30 * 86_400_000, to })
    const found = await json<Trunks>(`${url}/api/trunks`)
    expect(found).toMatchObject({ to: new Date(to).toISOString(), blocked: 0.01 })
    const names = [...new Set([...hours.map(({ trunk }) => trunk), 'trunk-a', 'trunk-x'])].sort()
    expect(found.trunks.map(({ trunk }) => trunk)).toEqual(names)
    const own = hours.find(({ trunk }) => trunk === 'trunk-a')
    const a = found.trunks.find(({ trunk }) => trunk === 'trunk-a')
    expect(a).toMatchObject({ state: 'known', channels: 30, calls_now: 3 })
    const [first] = await queries.trunkFigures({ from: dayStart(to), to })
    const { attempts = 0, answered = 0, lastFault } = first ?? {}
    expect(first?.trunk).toBe('trunk-a')
    expect(found.today_from).toBe(isoInstant(dayStart(to)))
    expect(a).toMatchObject({
      endpoint_state: 'online',
      today: {
        ...{ attempts, answered, answered_share: answered / attempts },
        last_fault: { time: isoInstant(lastFault?.at ?? 0), result: lastFault?.result, cause: lastFault?.cause },
      },
    })
    expect(a?.busiest_hour).toMatchObject({
      seizures: own?.seizures,
      erlangs: expect.closeTo((own?.ms ?? 0) / 3_600_000, 3),
    })
    expect(a?.busiest_hour?.lines_needed).toBe(linesNeeded((own?.ms ?? 0) / 3_600_000, 0.01))
    const NONE = { attempts: 0, answered: 0, answered_share: null, last_fault: null }
    const x = {
      trunk: 'trunk-x',
      state: 'not_seen',
      channels: 2,
      calls_now: 0,
      endpoint_state: null,
      today: NONE,
      busiest_hour: null,
    }
    expect(found.trunks.at(-1)).toEqual(x)
  })

  test('lists queues with who waits, who works in them, and the figures of today', async () => {
    const { url, queries } = await shared()
    const to = T0 + 60_000
    const { queues, ...asked } = await json<Queues>(`${url}/api/queues`)
    expect(asked).toEqual({
      ...{ at: isoInstant(to), from: isoInstant(dayStart(to)), to: isoInstant(to), within_seconds: 20 },
    })
    const sums = await queries.queueFigures({ from: dayStart(to), to, within: 20 })
    expect(sums.map(({ queue }) => queue)).toEqual(['sales', 'support'])
    expect(queues).toEqual([
      {
        ...{ queue: 'sales', waiting: 2, longest_wait_seconds: 42 },
        agents: { free: 0, ringing: 0, talking: 1, wrapup: 0, paused: 1, offline: 0 },
        ...queueFigures(sums[0]),
      },
      { queue: 'support', waiting: 0, longest_wait_seconds: null, agents: null, ...queueFigures(sums[1]) },
    ])
    const wide = await json<Queues>(`${url}/api/queues?from=2026-03-04&to=2026-03-05&within=60`)
    expect(wide).toMatchObject({ from: '2026-03-04T00:00:00.000Z', to: '2026-03-05T00:00:00.000Z', within_seconds: 60 })
    expect(wide.queues[0]?.service_level).toBe((wide.queues[0]?.answered ?? 0) / (wide.queues[0]?.offered ?? 1))
    const early = await json<Queues>(`${url}/api/queues?from=2000-01-01&to=2000-01-02`)
    expect(early.queues.map(({ queue, offered }) => [queue, offered])).toEqual([
      ['sales', 0],
      ['support', 0],
    ])
  })

  test('the key figures equal those of the log', async () => {
    const { url, queries } = await shared()
    const [from, to] = [T0, T0 + 100_000]
    const iso = (at: number) => new Date(at).toISOString()
    expect(await json(`${url}/api/stats?from=${iso(from)}&to=${iso(to)}`)).toEqual(await queries.stats({ from, to }))
  })
})

test('answers 503 if the log cannot be read, and 500 without details after an internal error', async () => {
  const failing = (error: Error) => (real: ExporterQueries) => ({ ...real, stats: () => Promise.reject(error) })
  const unreadable = await serveApi({ queries: failing(new QueryFailure('busy', 'too many')) })
  const busy = await ask(`${unreadable.url}/api/stats`)
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '1'])
  expect(JSON.parse(busy.text)).toMatchObject({ status: 503, problems: ['too many'] })
  const broken = await serveApi({ queries: failing(new TypeError('secret detail')) })
  const bug = await ask(`${broken.url}/api/stats`)
  expect([bug.status, bug.headers['content-type']]).toEqual([500, 'application/problem+json'])
  expect(JSON.parse(bug.text)).toMatchObject({ title: 'Internal Server Error', detail: 'internal error' })
})

describe('authentication', () => {
  const web = { tls: null, headers: new Map(), users: new Map([['alice', hashSync('secret-word', 4)]]) }
  const paths = ['/api/calls', '/api/calls/active', '/api/calls/1', '/api/operators', '/api/stats', '/api/openapi.json']

  test('with a password, every path needs it, the metrics too', async () => {
    const { url } = await serveApi({ known, options: { web } })
    for (const path of [...paths, '/api/nothing', '/', '/metrics']) {
      expect([path, (await ask(url + path)).status]).toEqual([path, 401])
    }
    for (const path of [...paths, '/', '/metrics']) {
      expect([path, (await ask(url + path, { headers: basic('alice', 'secret-word') })).status]).toEqual([path, 200])
    }
  })

  test.each([{ web }, { token: 'token-of-the-tests-0123456789' }])(
    'with metricsWithoutAuth, only metrics and health checks need no credentials',
    async (credentials) => {
      const { url } = await serveApi({ known, options: { ...credentials, metricsWithoutAuth: true } })
      for (const path of ['/metrics', '/metrics?x', '/-/healthy', '/-/ready']) {
        expect([path, (await ask(url + path)).status]).toEqual([path, 200])
      }
      for (const path of [
        ...paths,
        '/',
        '/metrics/../api/calls',
        '/metrics/x',
        '//metrics/../api/calls',
        '/metrics%2f..%2fapi/calls',
      ]) {
        expect([path, (await ask(url, { path })).status]).toEqual([path, 401])
      }
      expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(401)
    },
  )

  test('without a password or token, nothing needs credentials', async () => {
    for (const metricsWithoutAuth of [true, false]) {
      const { url } = await serveApi({ known, options: { metricsWithoutAuth } })
      for (const path of ['/metrics', ...paths]) {
        expect([path, (await ask(url + path)).status]).toEqual([path, 200])
      }
    }
  })
})

test.each([5, 50, 99, 101, 1_500])('the answer to %d wrong parameters is short', async (count) => {
  const { url } = await serveApi({})
  const query = Array.from({ length: count }, (_, i) => `w${i}=`).join('&')
  for (const path of ['/api/calls', '/api/calls/1', '/api/stats', '/api/calls/active', '/api/openapi.json']) {
    const answer = await ask(`${url}${path}?${query}`)
    expect([path, answer.status, answer.text.length < 1_000]).toEqual([path, 400, true])
  }
})

test('an instant with an offset equals the instant in UTC, with a plus sign that is not encoded too, and without seconds', async () => {
  const { url } = await shared()
  const from = async (at: string) => (await json<{ from: string }>(`${url}/api/stats?from=${at}&to=2100-01-01`)).from
  for (const at of ['22:00:00Z', '22:00Z', '19:30-02:30']) {
    expect([at, await from(`2026-01-01T${at}`)]).toEqual([at, '2026-01-01T22:00:00.000Z'])
  }
  for (const at of ['00:00:00%2B02:00', '00:00+02:00', '00:00:00.000 02:00']) {
    expect([at, await from(`2026-01-02T${at}`)]).toEqual([at, '2026-01-01T22:00:00.000Z'])
  }
})
