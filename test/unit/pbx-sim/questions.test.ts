// The simulated PBX answers questions about queue members and voice like the recorded Asterisks, and so do its agents at the phone.

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ask, createAsk } from '../../../src/ari/questions/ask.ts'
import { createRest, type Rest } from '../../../src/ari/rest/rest.ts'
import { packetsOf, troubleOf } from '../../../src/pbx-sim/asterisk/media.ts'
import { freeMembers, isPaused, readyMembers } from '../../../src/pbx-sim/asterisk/staff.ts'
import { type Pbx, type PbxOptions, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { PASSWORD, READER, ask as request, USER, until } from './listening.ts'
import { playOut, START_AT, setStage } from './playing.ts'

const VERSIONS = ['22.10', '16.28']

const ANSWERS = new URL('../ari/answers/', import.meta.url)

interface Recorded {
  readonly what: string
  readonly path: string
  readonly status: number
  readonly body: string
}

const recordedOf = (version: string): readonly Recorded[] =>
  JSON.parse(readFileSync(new URL(`${version}.json`, ANSWERS), 'utf8'))

let pbx: Pbx
let rest: Rest
let ask: Ask

async function open(options: Partial<PbxOptions> = {}): Promise<void> {
  pbx = await startPbx({ user: USER, password: PASSWORD, readOnlyUser: READER, traffic: 'lean', ...options })
  const deadlines = { callMs: 10_000, listMs: 10_000, askMs: 10_000 }
  rest = createRest({ baseUrl: `${pbx.url}/ari`, user: READER, password: PASSWORD, ...deadlines })
  ask = createAsk(rest)
}

/** The first channel with this state of an answered call that lasts. */
async function liveChannel(): Promise<string> {
  pbx.place('answered-caller-hangs-up', { ringMs: 1, talkMs: 600_000 })
  await until(() => pbx.liveChannels().filter(({ state }) => state === 'Up').length === 2)
  return pbx.liveChannels()[0]?.id ?? ''
}

beforeEach(() => open())

afterEach(async () => {
  rest.close()
  await pbx.stop()
})

/** Expressions that name queues and members of the recorded PBX only. */
const OTHER_NAMES = [
  ...['queue of Local members', 'statistics of a Local channel', 'wrong password', 'endpoint of a WebRTC phone'],
  ...['endpoint', 'aor', 'identify', 'registration'].map((type) => `${type} with defaults`),
  'endpoint with a name of other characters',
]

/** Its phone and its trunk that registers, by the names of the simulated ones. */
const NAMES: Readonly<Record<string, string>> = { fp101: '101', '74951234567': 'trunk-a' }

describe.each(VERSIONS)('like Asterisk %s', (version) => {
  test('answers the same requests with the same status, message and shape', async () => {
    const id = await liveChannel()
    for (const { what, path, status, body } of recordedOf(version)) {
      if (OTHER_NAMES.includes(what)) {
        continue
      }
      const named = path.replace(/[^/]+$/, (name) => NAMES[name] ?? name)
      const here = status === 404 ? path : named.replace(/^\/channels\/[^/]+/, `/channels/${id}`)
      const answer = await request(pbx.url, `GET ${here}`, { user: READER })
      expect([what, answer.status]).toEqual([what, status])
      expect([what, shapeOf(answer.body)]).toEqual([what, shapeOf(JSON.parse(body))])
    }
  })

  test('an agent who pauses by phone sends what a real one does', () => {
    const real = readFileSync(new URL(`phone-${version}.ndjson`, import.meta.url), 'utf8')
    const frames = (text: readonly string[]) => text.flatMap((line) => stepOf(JSON.parse(line)) ?? [])
    const options = { queue: 'support' } as const
    const sent = [
      ...frames(playOut('agent-logs-off', options).frames),
      ...frames(playOut('agent-pauses', options).frames),
    ]
    const recorded = new Set(frames(real.trim().split('\n')))
    expect(sent).toHaveLength(8)
    expect(sent.filter((step) => !recorded.has(step))).toEqual([])
  })
})

// The parts of a value differ with the names; the statistics of a version may lack members of a later one.
function shapeOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) {
    return body
  }
  // Some of Asterisk's attributes, which differ from version to version.
  if (Array.isArray(body)) {
    return body.every(({ attribute, value }) => typeof attribute === 'string' && typeof value === 'string')
  }
  if ('value' in body) {
    return String(body.value).split('|').length
  }
  if ('state' in body) {
    return Object.keys(body)
  }
  if ('message' in body) {
    return body
  }
  return Object.keys(body).filter((name) => !name.includes('mes'))
}

function stepOf(frame: Readonly<Record<string, unknown>>): string | null {
  const { type, dialplan_app: app, dialplan_app_data: data, variable, value } = frame
  if (type === 'ChannelDialplan' && String(app).endsWith('QueueMember')) {
    const names = String(data).replace(/PJSIP\/\d+/, 'PJSIP/101')
    return `${app} ${names.replace(/,,\w+$/, ',,lunch')}`
  }
  return type === 'ChannelVarset' && String(variable).endsWith('QMSTATUS') ? `${variable} ${value}` : null
}

test('the exporter understands the answers', async () => {
  const channelId = await liveChannel()
  const queue = { about: 'queue', queue: 'support', channelId } as const
  const members = ['PJSIP/102', 'PJSIP/103']
  expect(await ask({ ...queue, members })).toMatchObject({ ok: true, answer: { exists: true, members, paused: [] } })
  expect(await ask({ ...queue, queue: 'nosuch', members: [] })).toMatchObject({ ok: true, answer: { exists: false } })
  const member = { about: 'member', queue: 'sales', member: 'PJSIP/104' } as const
  expect(await ask(member)).toMatchObject({ answer: { state: 'active' } })
  expect(await ask({ ...member, member: 'PJSIP/101' })).toMatchObject({ answer: { state: 'no_member' } })
  expect(await ask({ about: 'available', queue: 'sales' })).toMatchObject({ answer: { state: 'some' } })
  expect(await ask({ about: 'available', queue: 'night' })).toMatchObject({ answer: { state: 'none' } })
  expect(await ask({ about: 'endpoint', endpoint: '101' })).toMatchObject({ answer: { settings: { aors: ['101'] } } })
  expect(await ask({ about: 'module', module: 'chan_sip.so' })).toMatchObject({ answer: { isRunning: false } })
  expect(await ask({ about: 'voice', channelId })).toMatchObject({ ok: true, answer: { receivedLost: 0 } })
  expect(await ask({ about: 'voice', channelId: '1.1' })).toMatchObject({ failure: 'gone' })
})

test('a pause is seen, and wrap-up follows a call of a queue', () => {
  const stage = setStage({ traffic: 'lean' })
  const { place, world } = stage.simulator
  place('agent-pauses', { queue: 'support', talkMs: 60_000 })
  stage.eventQueue.runUntil(START_AT + 60_000)
  const paused = ['PJSIP/102', 'PJSIP/103'].filter((member) => isPaused(world, 'support', member))
  expect(paused).toHaveLength(1)
  expect(freeMembers(world, 'support')).toHaveLength(1)
  stage.eventQueue.runUntil(START_AT + 300_000)
  expect(freeMembers(world, 'support')).toHaveLength(2)
  place('queue-answered', { queue: 'support', ringMs: 1_000, talkMs: 10_000 })
  stage.eventQueue.runUntil(START_AT + 320_000)
  expect([freeMembers(world, 'support').length, readyMembers(world, 'support').length]).toEqual([2, 1])
  stage.eventQueue.runUntil(START_AT + 340_000)
  expect(readyMembers(world, 'support')).toHaveLength(2)
})

test('while somebody pauses, the queue calls the others', () => {
  const stage = setStage({ traffic: 'lean' })
  stage.simulator.place('agent-pauses', { queue: 'sales', talkMs: 600_000 })
  stage.eventQueue.runUntil(START_AT + 10_000)
  const before = stage.frames.length
  stage.simulator.place('queue-answered', { queue: 'sales', ringMs: 5_000, talkMs: 10_000 })
  stage.eventQueue.runUntil(START_AT + 12_000)
  const dialed = stage.frames.slice(before).filter((text) => text.includes('"type":"Dial"') && text.includes('RINGING'))
  expect(dialed).toHaveLength(2)
})

test('some calls have one-way audio or loss, if asked for; at its end each says the same', () => {
  const stage = setStage({ callsPerSecond: 2, speed: 20, voiceTrouble: true })
  const kinds = new Map<string | null, number>()
  const { world } = stage.simulator
  stage.simulator.startArrivals()
  for (let second = 1; second <= 120; second += 1) {
    stage.eventQueue.runUntil(START_AT + second * 1000)
    for (const channel of world.channels.values()) {
      const trouble = troubleOf(world.voiceTrouble, channel)
      kinds.set(trouble, (kinds.get(trouble) ?? 0) + 1)
    }
  }
  expect([...kinds.keys()].sort()).toEqual(['loss', null, 'one_way'])
  expect(packetsOf(60_000, 'one_way')).toEqual({ received: 0, sent: 3000, lost: 0 })
  expect(packetsOf(60_000, 'loss')).toEqual({ received: 2760, sent: 3000, lost: 240 })
  const silent = stage.frames.filter((text) => /"RTPAUDIOQOS".*rxcount=0;.*txcount=\d{2,};/.test(text))
  expect(silent.length).toBeGreaterThan(0)
})

test('faulty answers are refused or late, never wrong', async () => {
  rest.close()
  await pbx.stop()
  await open({ faultyAnswers: 1, seed: 3 })
  const channelId = await liveChannel()
  const asked = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      ask(index % 2 === 0 ? { about: 'voice', channelId } : { about: 'queue', queue: 'sales', members: [], channelId }),
    ),
  )
  const outcomes = new Set(asked.map((one) => (one.ok ? 'answered' : one.failure)))
  expect(outcomes).toEqual(new Set(['answered', 'gone', 'refused']))
  expect(JSON.stringify(asked)).not.toMatch(/NaN|many/)
})
