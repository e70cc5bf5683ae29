// The OpenAPI document matches the API: every answer matches its schema, and the routes are the documented ones.

import { hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import { apiRouter } from '../../../src/http/api/router.ts'
import { DETAILED, LEG_FIELDS, LISTED } from '../../../src/query/callFields.ts'
import { MISSED_CALLER_FIELDS } from '../../../src/query/missedCallerFields.ts'
import { SERIES_BY } from '../../../src/query/seriesRequest.ts'
import { CLOSED, missedCaller } from '../callback/office.ts'
import { makeCalls } from '../calllog/manyCalls.ts'
import { endedCall, sampleLeg } from '../calllog/samples.ts'
import { serveApi, sharedApi } from './apiServer.ts'
import { differences, documentedIn, documentOf, looseEnds, refusedParameters, routesOf, urlOf } from './openapiCheck.ts'
import { ask } from './request.ts'
import { emptyApi } from './testServer.ts'

const stream = { packets: 500, mos: 4.2, lossRatio: 0.01, jitterMs: 1.25 }
const quality = { rx: stream, tx: { ...stream, mos: null, packets: null }, roundTripMs: 20, implausible: 0 }
const THREADS = { sipCallId: 'a84b@192.0.2.7', recording: '/monitor/in 1.wav' }
const WITH_VOICE = {
  id: 500,
  call: endedCall({ channelId: 'voice', quality, mergedInto: 'other', queue: 'q', queueWaitMs: 5, ...THREADS }),
  legs: [sampleLeg({ id: 'voice-1', callId: 'voice', quality, result: 'answered', endedAt: 1e12, ringingAt: 1e12 })],
}
const known = [...makeCalls(400), WITH_VOICE]
const links = { sipTrace: 'https://homer.example.org/?id={call_id}', recording: 'https://rec.example.org/{file}' }
const shared = sharedApi({ known, links, missedCallers: [missedCaller(1), missedCaller(2, CLOSED)] })

const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  '/api/calls': [
    '',
    '?limit=500',
    '?limit=1&order=oldest',
    '?caller=nobody',
    '?total=true',
    '?limit=0',
    '?x=1',
    '?updated_since=2026-01-01',
  ],
  '/api/calls.csv': ['', '?limit=2&tz=Europe/Helsinki', '?limit=0', '?total=true'],
  '/api/missed-callers.csv': ['', '?state=waiting', '?x=1'],
  '/api/calls/active': ['', '?limit=0'],
  '/api/calls/{id}': ['1', '2', '3', '4', '5', '500', '999', 'x', '17.5', '1?x=1'],
  '/api/missed-callers': ['', '?state=waiting&order=oldest', '?closed_from=2020-01-01', '?limit=0', '?x=1'],
  '/api/trunks': ['', '?from=2026-03-04'],
  '/api/queues': ['', '?from=2026-03-04&to=2026-03-05&within=30', '?within=x', '?x=1'],
  '/api/operators': ['', '?from=2026-03-04&to=2026-03-05', '?from=x'],
  '/api/endpoints': ['', '?x=1'],
  '/api/agents': ['', '?queue=sales', '?queue=nobody', '?x=1'],
  '/api/stats': [
    ...['', '?from=2000-01-01&to=2000-01-02', '?from=2026-03-04&to=2026-03-05', '?to=x', '?by=x', '?by=hour'],
    ...SERIES_BY.map((by) => `?from=2026-03-04&to=2026-03-05&by=${by}`),
  ],
  '/api/openapi.json': ['', '?x=1'],
}

test('every answer matches its schema', async () => {
  const { url } = await shared()
  const document = await documentOf(url)
  const answers = new Set<string>()
  for (const path of Object.keys(document.paths)) {
    expect([path, REQUESTS[path]?.length ?? 0]).not.toEqual([path, 0])
    for (const suffix of REQUESTS[path] ?? []) {
      const answer = await ask(url + urlOf(path, suffix))
      answers.add(`${path} ${answer.status} ${answer.headers['content-type']?.split(';')[0]}`)
      expect([path, suffix, differences(document, path, answer)]).toEqual([path, suffix, []])
    }
  }
  for (const path of Object.keys(document.paths)) {
    expect([...answers]).toContain(`${path} 200 ${path.endsWith('.csv') ? 'text/csv' : 'application/json'}`)
    expect([...answers]).toContain(`${path} 400 application/problem+json`)
  }
  expect([...answers]).toContain('/api/calls/{id} 404 application/problem+json')
})

test('a story has the addresses of its SIP traces and of its recording', async () => {
  const { url } = await shared()
  const story = JSON.parse((await ask(`${url}/api/calls/500`)).text)
  expect(story).toMatchObject({
    sip_call_id: 'a84b@192.0.2.7',
    sip_trace_url: 'https://homer.example.org/?id=a84b%40192.0.2.7',
    recording: '/monitor/in 1.wav',
    recording_url: 'https://rec.example.org/in%201.wav',
    legs: [{ sip_call_id: null, sip_trace_url: null }],
  })
})

test('a 401, and a 503 of an unreadable log, match their schemas', async () => {
  const busy = await serveApi({
    queries: () => emptyApi().queries,
  })
  const document = await documentOf(busy.url)
  for (const path of [
    '/api/calls',
    '/api/calls.csv',
    '/api/calls/{id}',
    '/api/missed-callers',
    '/api/operators',
    '/api/stats',
  ]) {
    const answer = await ask(busy.url + urlOf(path, path.includes('{id}') ? '1' : ''))
    expect([path, answer.status, differences(document, path, answer)]).toEqual([path, 503, []])
  }
  const web = { tls: null, headers: new Map(), users: new Map([['alice', hashSync('secret-word', 4)]]) }
  const restricted = await serveApi({ options: { web } })
  for (const path of Object.keys(document.paths)) {
    const answer = await ask(restricted.url + urlOf(path, path.includes('{id}') ? '1' : ''))
    expect([path, answer.status, differences(document, path, answer)]).toEqual([path, 401, []])
  }
})

test('an answer that differs from its schema is detected', async () => {
  const { url } = await shared()
  const document = await documentOf(url)
  const answer = await ask(`${url}/api/calls/500`)
  for (const [good, bad] of [
    ['"missed":false', '"missed":0'],
    ['"id":500', '"id":"500"'],
    ['"direction":"', '"direction":"sideways-'],
    ['2026-03-04T05:06:07.089Z', '2026-03-04 05:06:07.089'],
    ['"queue":"q"', '"quueue":"q"'],
    [',"jitter_seconds":0.00125', ''],
  ] as const) {
    expect(answer.text).toContain(good)
    expect([
      bad,
      differences(document, '/api/calls/{id}', { ...answer, text: answer.text.replace(good, bad) }),
    ]).not.toEqual([bad, []])
  }
})

describe('the document', () => {
  test('has the name of the program and exactly the routes of the API', async () => {
    const { url } = await serveApi()
    const document = await documentOf(url)
    expect(document.openapi).toBe('3.1.1')
    expect(document.info).toMatchObject({ title: 'asterisk-ari-exporter', version: '1.2.3' })
    const router = apiRouter({ name: 'x', version: '1' }, emptyApi())
    const routes = routesOf(router)
    expect(routes.length).toBeGreaterThan(4)
    expect(documentedIn(document).toSorted()).toEqual(routes.toSorted())
  })

  test('lists exactly the parameters that the API accepts', async () => {
    const { url } = await shared()
    const document = await documentOf(url)
    expect(await refusedParameters(url, document)).toEqual([])
    expect(document.paths['/api/calls']?.['get']?.parameters.map(({ name }) => name)).toEqual([
      ...['from', 'to', 'direction', 'disposition', 'missed', 'caller', 'callee', 'number', 'name'],
      ...['answered_by', 'operator', 'trunk', 'line', 'destination', 'country', 'queue'],
      ...['sip_call_id', 'min_duration', 'max_duration', 'text', 'order', 'limit', 'cursor', 'total', 'updated_since'],
    ])
  })

  test('a span has the name of a column, or a name that ends in _seconds', async () => {
    const { url } = await serveApi()
    const { components } = await documentOf(url)
    const rows = [LISTED, DETAILED, LEG_FIELDS, MISSED_CALLER_FIELDS].flatMap((fields) => Object.entries(fields))
    const columns = rows.filter(([, { type }]) => type.kind === 'seconds').map(([name]) => name)
    expect(columns).toContain('answer_delay')
    const spans = new Set(spansIn(components.schemas))
    expect(spans).toContain('average_talk_seconds')
    const other = [...spans].filter((name) => !name.endsWith('_seconds') && !columns.includes(name))
    expect(other.toSorted()).toEqual(['erlangs', 'questions_per_second'])
  })

  test('every schema in it is used, and every reference has a schema', async () => {
    const { url } = await serveApi()
    const document = await documentOf(url)
    expect(Object.keys(document.components.schemas).length).toBeGreaterThan(10)
    expect(looseEnds(document)).toEqual([])
  })
})

// The names of the properties that are numbers from 0 on without a bound, null or not.
function spansIn(schema: unknown, name = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    return []
  }
  const { type, minimum, maximum } = schema as Readonly<Record<string, unknown>>
  const own = type === 'number' && minimum === 0 && maximum === undefined ? [name] : []
  return [
    ...own,
    ...Object.entries(schema).flatMap(([key, value]) =>
      spansIn(value, KEYWORDS.includes(key) || /^\d+$/.test(key) ? name : key),
    ),
  ]
}

/** Between a property and its type. */
const KEYWORDS = ['anyOf', 'oneOf', 'items', 'properties']
