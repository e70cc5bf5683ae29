// Each question, answered by recordings of real Asterisks and by answers of every wrong shape.
//
// answers/*.json: what Asterisk answered a read-only user. A question must ask exactly what was recorded.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Asked, createAsk } from '../../../src/ari/questions/ask.ts'
import type { Question } from '../../../src/ari/questions/question.ts'
import { createRest } from '../../../src/ari/rest/rest.ts'
import { FakeAri, PASSWORD, reply, USER } from './fakeAri.ts'

interface Recorded {
  readonly what: string
  readonly path: string
  readonly status: number
  readonly body: string
}

const answersOf = (version: string): readonly Recorded[] =>
  JSON.parse(readFileSync(new URL(`answers/${version}.json`, import.meta.url), 'utf8'))

/** Asks one question of a server that answers so; returns what came of it, and the requests. */
async function askOnce(
  question: Question,
  answer: { readonly status: number; readonly body: string | object } | 'nothing',
): Promise<{ readonly asked: Asked; readonly requests: readonly string[] }> {
  const fake = await FakeAri.start()
  const requests: string[] = []
  fake.override = (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (answer !== 'nothing') {
      reply(response, answer.status, answer.body)
    }
    return true
  }
  const askMs = answer === 'nothing' ? 50 : 10_000
  const rest = createRest({
    baseUrl: `${fake.url}/ari`,
    user: USER,
    password: PASSWORD,
    callMs: 10_000,
    listMs: 10_000,
    askMs,
  })
  const asked = await createAsk(rest)(question)
  rest.close()
  await fake.stop()
  return { asked, requests }
}

const queue = (name: string, members: readonly string[] = [], channelId = '1.1'): Question => ({
  about: 'queue',
  queue: name,
  members,
  channelId,
})
const voice: Question = { about: 'voice', channelId: '1.1' }

const endpoint = (name: string): Question => ({ about: 'endpoint', endpoint: name })
const aor = (name: string): Question => ({ about: 'aor', endpoint: name, aor: name })

const NO_SETTINGS = {
  ...{ context: 'default', aors: ['bare'], asksPassword: false, outboundAccount: 'none', byAddressOnly: false },
  ...{ callerNumber: null, hasSender: false, hasMailbox: false, isWebRtc: false, hasGroup: false, hasBusyLimit: false },
}
const PHONE = {
  asksPassword: true,
  callerNumber: '101',
  hasMailbox: true,
  hasBusyLimit: true,
  context: 'from-internal',
}

/** What each recorded answer means. */
const MEANING: Readonly<Record<string, readonly [question: Question, expected: object]>> = {
  queue: [queue('support'), { exists: true, members: ['PJSIP/103', 'PJSIP/102'], paused: [], free: 2, ready: 2 }],
  'queue with members': [queue('support', ['PJSIP/102', 'PJSIP/103']), { paused: [], free: 2, ready: 2 }],
  'queue with a paused member': [
    queue('support', ['PJSIP/102', 'PJSIP/103']),
    { members: ['PJSIP/103', 'PJSIP/102'], paused: ['PJSIP/102'], free: 1, ready: 1 },
  ],
  'queue without members': [queue('empty'), { exists: true, members: [], paused: [], free: 0, ready: 0 }],
  'queue of Local members': [
    queue('localq', ['Local/102@agents/n', 'Local/103@agents/n']),
    { members: ['Local/103@agents/n', 'Local/102@agents/n'], paused: [] },
  ],
  'unknown queue': [queue('nosuch'), { exists: false, members: [], free: 0, ready: 0 }],
  'interface that is no member': [queue('support', ['PJSIP/999']), { paused: [] }],
  'queue, by a Local channel': [queue('support', ['PJSIP/102']), { exists: true, paused: [] }],
  'member paused': [{ about: 'member', queue: 'support', member: 'PJSIP/102' }, { state: 'paused' }],
  'member not paused': [{ about: 'member', queue: 'support', member: 'PJSIP/102' }, { state: 'active' }],
  'no member': [{ about: 'member', queue: 'support', member: 'PJSIP/999' }, { state: 'no_member' }],
  'nobody available or somebody': [{ about: 'available', queue: 'support' }, { state: 'some' }],
  'availability of an unknown queue': [{ about: 'available', queue: 'nosuch' }, { state: 'no_queue' }],
  'channel that is gone': [queue('support'), { failure: 'gone' }],
  'statistics of a channel that is gone': [voice, { failure: 'gone' }],
  'statistics of a Local channel': [voice, { failure: 'refused', detail: 'HTTP 403' }],
  'wrong password': [voice, { failure: 'refused', detail: 'HTTP 401' }],
  'unknown function': [queue('support'), { failure: 'refused', detail: 'HTTP 500' }],
  'unknown function in EVAL': [queue('support'), { failure: 'refused' }],
  'statistics, early': [voice, { sentLost: null, receivedLost: 0 }],
  'endpoint with defaults': [endpoint('bare'), { about: 'endpoint', settings: NO_SETTINGS }],
  'aor with defaults': [aor('bare'), { address: { maxContacts: 0, fixedContact: null, hasMailbox: false } }],
  'identify with defaults': [{ about: 'identify', endpoint: 'bare' }, { exists: true }],
  'registration with defaults': [{ about: 'registration', endpoint: 'bare' }, { exists: true }],
  'endpoint of a phone': [endpoint('fp101'), { settings: { ...PHONE, aors: ['fp101'] } }],
  'address of a phone': [aor('fp101'), { address: { maxContacts: 1, fixedContact: null, hasMailbox: true } }],
  'endpoint of a WebRTC phone': [endpoint('webrtc1'), { settings: { isWebRtc: true, asksPassword: true } }],
  'endpoint of a trunk': [
    endpoint('74951234567'),
    { settings: { outboundAccount: 'own', asksPassword: false, context: 'from-pstn' } },
  ],
  'address of a trunk': [aor('74951234567'), { address: { maxContacts: 0, fixedContact: 'user' } }],
  'identify of a trunk': [{ about: 'identify', endpoint: '74951234567' }, { exists: true }],
  'registration of a trunk': [{ about: 'registration', endpoint: '74951234567' }, { exists: true }],
  'no such endpoint': [endpoint('nosuch'), { failure: 'refused', detail: 'HTTP 404' }],
  'no such address': [aor('nosuch'), { about: 'aor', address: null }],
  'no such identify': [{ about: 'identify', endpoint: 'nosuch' }, { exists: false }],
  'endpoint with a name of other characters': [endpoint('a b/c'), { settings: { aors: [] } }],
  'module that runs': [{ about: 'module', module: 'chan_pjsip.so' }, { isRunning: true }],
  'module that is not loaded': [{ about: 'module', module: 'chan_sip.so' }, { isRunning: false }],
  'statistics, after the first reports': [voice, { receivedLost: 0, sentJitterMs: null, roundTripMs: null }],
}

describe.each(['22.10', '16.28'])('Asterisk %s', (version) => {
  test.each(answersOf(version))('$what', async ({ what, path, status, body }) => {
    const [question, expected] = MEANING[what] ?? []
    if (question === undefined || expected === undefined) {
      throw new Error('no meaning')
    }
    const recorded = /^\/channels\/([^/]+)/.exec(path)?.[1] ?? ''
    const about = 'channelId' in question ? { ...question, channelId: decodeURIComponent(recorded) } : question
    const { asked, requests } = await askOnce(about, { status, body: JSON.parse(body) })
    expect(asked.ok ? asked.answer : asked).toMatchObject(expected)
    if (!what.startsWith('unknown function')) {
      expect(requests.map(decodeURIComponent)).toEqual([`GET /ari${decodeURIComponent(path)}`])
    }
  })

  test('counts are those of the recording', async () => {
    const recording = answersOf(version).find(({ what }) => what === 'statistics, after the first reports')
    const body = JSON.parse(recording?.body ?? '')
    const { asked } = await askOnce(voice, { status: 200, body })
    expect(asked).toMatchObject({
      answer: { receivedPackets: body.rxcount, sentPackets: body.txcount, receivedJitterMs: body.txjitter * 1000 },
    })
  })
})

const COUNTS = { rxcount: 500, txcount: 480 }

describe('answers of another shape are refused, whatever they are', () => {
  test.each<[string, Question, object]>([
    ['no object', queue('q'), []],
    ['no value', queue('q'), {}],
    ['a number', queue('q'), { value: 3 }],
    ['nothing', queue('q'), { value: '' }],
    ['too few parts', queue('q'), { value: '1|2' }],
    ['no list', queue('q', ['A/1']), { value: '1|2|2|0' }],
    ['more parts', queue('q'), { value: '1|2|2|0|A/1' }],
    ['a part that is no number', queue('q'), { value: '1|x|2|A/1' }],
    ['a negative number', queue('q'), { value: '1|-1|2|A/1' }],
    ['an empty part', queue('q', ['A/1']), { value: '1|2|2||A/1' }],
    ['a fraction', queue('q'), { value: '1|0.5|2|A/1' }],
    ['neither paused nor not', queue('q', ['A/1']), { value: '1|2|2|7|A/1' }],
    ['no flag of existence', queue('q'), { value: '|2|2|A/1' }],
    ['a list that was cut off', queue('q'), { value: `1|2|2|${'A/12345678,'.repeat(400)}`.slice(0, 4_095) }],
    ['no state', { about: 'member', queue: 'q', member: 'A/1' }, {}],
    ['a state of another kind', { about: 'member', queue: 'q', member: 'A/1' }, { state: 'RINGING' }],
    ['a state of another type', { about: 'available', queue: 'q' }, { state: 1 }],
    ['no counts', voice, {}],
    ['counts as text', voice, { ...COUNTS, rxcount: '500' }],
    ['a count below 0', voice, { ...COUNTS, txcount: -1 }],
    ['a fraction of a packet', voice, { ...COUNTS, rxcount: 1.5 }],
    ['lost packets as text', voice, { ...COUNTS, rxploss: '3' }],
    ['null', voice, { ...COUNTS, txploss: null }],
    ['jitter as text', voice, { ...COUNTS, txjitter: 'nan' }],
    ['no list', endpoint('101'), { attribute: 'context', value: 'internal' }],
    ['an empty list', endpoint('101'), []],
    ['no attributes', endpoint('101'), ['context']],
    ['a value that is no text', endpoint('101'), [{ attribute: 'context', value: 1 }]],
    ['an endpoint without what is needed', endpoint('101'), [{ attribute: 'context', value: 'internal' }]],
    ['another object', aor('101'), [{ attribute: 'context', value: 'internal' }]],
    ['no endpoint', { about: 'identify', endpoint: '101' }, [{ attribute: 'match', value: '' }]],
    ['no status', { about: 'module', module: 'res_prometheus.so' }, {}],
  ])('%s', async (_what, question, body) => {
    const { asked } = await askOnce(question, { status: 200, body })
    expect(asked).toMatchObject({ ok: false, failure: 'refused' })
  })
})

test.each<[string, object, object]>([
  [
    'only counts',
    {},
    { receivedLost: 0, sentLost: null, receivedJitterMs: null, sentJitterMs: null, roundTripMs: null },
  ],
  ['a report of the far end', { rtt: 0.02 }, { sentLost: 0, roundTripMs: 20 }],
  ['loss on both sides', { rxploss: 17, txploss: 3 }, { receivedLost: 17, sentLost: 3 }],
  ['jitter', { txjitter: 0.004, rxjitter: 0.002 }, { receivedJitterMs: 4, sentJitterMs: 2, sentLost: 0 }],
  ['a clock error', { txjitter: 4_000, rtt: 11 }, { receivedJitterMs: null, roundTripMs: null }],
])('RTP: %s', async (_what, body, expected) => {
  const { asked } = await askOnce(voice, { status: 200, body: { ...COUNTS, ...body } })
  expect(asked).toMatchObject({ ok: true, answer: { receivedPackets: 500, sentPackets: 480, ...expected } })
})

test.each<Question>([
  queue('support'),
  queue('support', ['PJSIP/102', 'Local/1@a/n']),
  { about: 'member', queue: 'support', member: 'PJSIP/102' },
  { about: 'available', queue: 'support' },
  voice,
  endpoint('101'),
  aor('101'),
  { about: 'identify', endpoint: '101' },
  { about: 'registration', endpoint: '101' },
  { about: 'module', module: 'res_prometheus.so' },
])('is one GET that changes nothing: %j', async (question) => {
  const { requests } = await askOnce(question, { status: 200, body: {} })
  expect(requests).toHaveLength(1)
  const asked = decodeURIComponent(requests[0] ?? '')
  expect(asked).toMatch(
    /^GET \/ari\/(channels\/1\.1\/(variable\?variable=EVAL\(|rtp_statistics$)|deviceStates\/Queue:|asterisk\/(modules|config\/dynamic\/res_pjsip\/(endpoint|aor|identify|registration))\/[\w.]+$)/,
  )
  const functions = [...asked.matchAll(/\{(\w+)\(/g)].map(([, name]) => name)
  expect(
    functions.filter((name) => !['QUEUE_EXISTS', 'QUEUE_MEMBER', 'QUEUE_MEMBER_LIST'].includes(name ?? '')),
  ).toEqual([])
})

test.each(['a/b', 'a b%2F?x=1#', 'Büro', '__proto__'])('an endpoint %j is asked for by its own name', async (name) => {
  const { requests } = await askOnce(endpoint(name), { status: 404, body: '' })
  expect(requests).toEqual([`GET /ari/asterisk/config/dynamic/res_pjsip/endpoint/${encodeURIComponent(name)}`])
})

test.each<[string, Question]>([
  ['an endpoint', endpoint('\uD800')],
  ['an address', aor('\uDFFFa')],
  ['a channel', { about: 'voice', channelId: '\uD800' }],
])('the name of %s that cannot be encoded is one that does not exist', async (_what, question) => {
  const { asked, requests } = await askOnce(question, { status: 404, body: '' })
  expect(requests.join()).toContain('%EF%BF%BD')
  expect(asked).not.toMatchObject({ failure: 'no_answer' })
})

test('a silent Asterisk gives no answer', async () => {
  expect((await askOnce(voice, 'nothing')).asked).toMatchObject({ ok: false, failure: 'no_answer' })
})

describe('names that would mean something in an expression are never asked', () => {
  test.each(['a,b', 'a)', 'a}', '$' + '{X}', 'a|b', 'a"b', 'a\\b', 'a&b', 'a\nb', '', 'x'.repeat(129)])(
    '%j',
    async (name) => {
      for (const question of [
        queue(name),
        queue('q', [name]),
        { about: 'member', queue: 'q', member: name },
        { about: 'available', queue: name },
      ] satisfies Question[]) {
        const { asked, requests } = await askOnce(question, { status: 200, body: {} })
        expect(asked).toMatchObject({ ok: false, failure: 'refused' })
        expect(requests).toEqual([])
      }
    },
  )

  test('neither are more members than a request line can name', async () => {
    const members = Array.from({ length: 60 }, (_, index) => `Local/very-long-name-${index}@from-queue/n`)
    const { requests } = await askOnce(queue('support', members), { status: 200, body: {} })
    expect(requests).toEqual([])
  })

  test('twenty members fit', async () => {
    const members = Array.from({ length: 20 }, (_, index) => `Local/${1000 + index}@from-queue/n`)
    const { requests } = await askOnce(queue('support', members, '1795968745.12345'), { status: 200, body: {} })
    expect(requests).toHaveLength(1)
    expect(requests[0]?.length).toBeLessThan(4_096 - ' HTTP/1.1'.length)
  })
})
