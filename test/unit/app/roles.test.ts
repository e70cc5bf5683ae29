// Roles as the exporter learns them: what is read when a session begins, what decides, what is logged and remembered.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { openRoles, type Roles } from '../../../src/app/roles.ts'
import type { Ask, Asked } from '../../../src/ari/questions/ask.ts'
import { readConfiguration } from '../../../src/ari/questions/endpointConfiguration.ts'
import type { Question } from '../../../src/ari/questions/question.ts'
import type { SnapshotTaken } from '../../../src/ari/snapshot.ts'
import type { EndpointQuestion } from '../../../src/endpoint/evidence.ts'
import { attributesIn, endpointsIn } from '../endpoint/configured.ts'
import { PRODUCTS } from '../endpoint/products.ts'

const FREEPBX = PRODUCTS.find(({ name }) => name === 'FreePBX')?.pjsip ?? ''

const REFUSED: Asked = { ok: false, failure: 'refused', detail: 'HTTP 403' }
const SILENT: Asked = { ok: false, failure: 'no_answer', detail: 'no answer in 1000 ms' }

/** Answers as an Asterisk with this pjsip.conf. */
const asteriskWith =
  (pjsip: string) =>
  (question: Question): Asked => {
    const about = question as EndpointQuestion
    const answer = readConfiguration(about, attributesIn(pjsip, about))
    return answer === null ? REFUSED : { ok: true, answer }
  }

interface World {
  readonly roles: Roles
  readonly asked: string[]
  readonly log: { readonly level: number; readonly msg: string; readonly [key: string]: unknown }[]
  answer: (question: Question) => Asked
  /** How long an answer takes, ms. */
  takes: number
  startedAt: number
  members: readonly string[]
  /** Time passes, ms. */
  wait(ms: number): void
}

interface Setup {
  readonly trunks?: readonly string[]
  readonly questionsPerSecond?: number
  readonly folder?: string
  readonly pjsip?: string
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-roles-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function start({ trunks = [], questionsPerSecond = 5, folder = freshFolder(), pjsip = FREEPBX }: Setup = {}): World {
  let now = 1_000_000
  const log: World['log'] = []
  const asked: string[] = []
  const world = { answer: asteriskWith(pjsip), takes: 1, startedAt: 1, members: [] as readonly string[] }
  const ask: Ask = async (question) => {
    asked.push(`${question.about} ${'endpoint' in question ? question.endpoint : ''}`)
    now += world.takes
    return world.answer(question)
  }
  const roles = openRoles(
    { calls: { trunks }, ari: { questionsPerSecond }, callLog: { path: join(folder, 'calls.db') } },
    {
      session: {
        ask,
        status: () => ({
          phase: 'in_sync',
          asterisk: { version: '22', entityId: 'e', startedAt: world.startedAt },
          problem: null,
          readOnly: false,
        }),
      },
      asked: () => undefined,
      liveCounts: () => [],
      agents: () => world.members.map((operator) => ({ operator }) as never),
      pbxNow: () => now,
      ticks: () => now,
      log: pino({ level: 'trace' }, { write: (text: string) => void log.push(JSON.parse(text)) }),
    },
  )
  const wait = (ms: number): void => {
    now += ms
  }
  return Object.assign(world, { roles, asked, log, wait })
}

function snapshotOf(names: readonly string[], channels: readonly string[] = []): SnapshotTaken {
  return {
    type: 'SnapshotTaken',
    at: 0,
    channels: channels.map((name) => ({ name }) as SnapshotTaken['channels'][number]),
    bridges: [],
    endpoints: names.map((resource) => ({ technology: 'PJSIP', resource, state: 'online' })),
  }
}

async function connect({ roles }: World, snapshot: SnapshotTaken = snapshotOf(endpointsIn(FREEPBX))): Promise<void> {
  await roles.beforeSnapshot(snapshot)
  roles.endpoints.apply(snapshot)
}

const warnings = ({ log }: World) => log.filter(({ level }) => level > 30)

test('are right before the first event of the first session', async () => {
  const world = start()
  expect(['74951234567', 'anna'].map(world.roles.roleOf)).toEqual(['phone', 'trunk'])
  await connect(world)
  expect(['74951234567', 'anna'].map(world.roles.roleOf)).toEqual(['trunk', 'phone'])
  expect(world.roles.listEndpoints().find(({ endpoint }) => endpoint === 'anna')).toMatchObject({
    ...{ role: 'phone', decidedBy: 'configuration', certainty: 'sure', technology: 'PJSIP', state: 'online' },
    reasons: ['registers', 'phone_context', 'caller_id'],
  })
})

test('are told once, with the trunks that were found', async () => {
  const world = start()
  await connect(world)
  world.roles.check()
  world.roles.check()
  expect(world.log).toHaveLength(1)
  expect(world.log[0]).toMatchObject({ level: 30, phones: 3, doubtful: 0 })
  expect(world.log[0]?.['trunks']).toEqual(['74951234567', 'carrier', 'branch', 'anonymous'])
})

test('that are doubtful are warnings that say why and what to set', async () => {
  const byHand = PRODUCTS.find(({ name }) => name === 'by hand')?.pjsip
  const pjsip = `${FREEPBX}\n${byHand}`
  const world = start({ pjsip })
  await connect(world, snapshotOf(endpointsIn(pjsip)))
  world.roles.check()
  expect(warnings(world).map(({ endpoint, role }) => [endpoint, role])).toEqual([
    ['door', 'phone'],
    ['gate', 'trunk'],
  ])
  expect(warnings(world)[0]).toMatchObject({
    msg: expect.stringContaining('TRUNKS'),
    reasons: ['its calls enter the dialplan where those of phones do', 'it is called at a fixed address'],
  })
})

test('of many doubtful endpoints fill no log', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `door${index}`)
  const pjsip = names.map((name) => `[${name}]\ntype=endpoint\naors=${name}\n`).join('\n')
  const world = start({ pjsip })
  await connect(world, snapshotOf(names))
  world.roles.check()
  expect(warnings(world)).toHaveLength(6)
  expect(warnings(world).at(-1)).toMatchObject({ endpoints: expect.arrayContaining(['door5', 'and 35 more']) })
})

test('of endpoints in live calls are read first, and for two seconds at most', async () => {
  const world = start()
  world.takes = 500
  await connect(world, snapshotOf(endpointsIn(FREEPBX), ['PJSIP/branch-0000002a']))
  expect(world.asked[0]).toBe('endpoint branch')
  expect(world.asked).toHaveLength(4)
  world.roles.check()
  expect(world.log).toEqual([])
})

test.each([
  ['refuses', REFUSED, 3],
  ['does not answer', SILENT, 1],
])('follow from names while Asterisk %s, and the session does not wait for it', async (_what, answer, most) => {
  const world = start()
  world.answer = () => answer
  await connect(world)
  expect(world.asked).toHaveLength(most)
  expect(['74951234567', 'anna'].map(world.roles.roleOf)).toEqual(['phone', 'trunk'])
  expect(world.roles.listEndpoints()[0]).toMatchObject({ decidedBy: 'name', certainty: 'doubtful', reasons: [] })
})

test('that Asterisk does not tell are said', async () => {
  const world = start()
  await connect(world, snapshotOf(['101', 'unknown']))
  world.roles.check()
  expect(warnings(world)).toMatchObject([{ endpoints: ['unknown'], msg: expect.stringContaining('TRUNKS') }])
})

test('are remembered: the next run knows them at once, and its session waits for nothing', async () => {
  const folder = freshFolder()
  const first = start({ folder })
  await connect(first)
  first.roles.check()
  const file = join(folder, 'calls.db-endpoints')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const next = start({ folder })
  expect(['74951234567', 'anna'].map(next.roles.roleOf)).toEqual(['trunk', 'phone'])
  await connect(next)
  expect(next.asked).toEqual([])
  expect(next.roles.sources[0]?.next(0)).toMatchObject({ about: 'endpoint' })
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"context"', '"kontext"'))
  expect(start({ folder }).roles.roleOf('anna')).toBe('trunk')
})

test('that change are said, and a call that began before keeps them', async () => {
  const world = start()
  await connect(world)
  world.roles.check()
  const before = world.roles.presentRoles()
  const [source] = world.roles.sources
  world.startedAt = 2
  await connect(world)
  const other = asteriskWith(FREEPBX.replace('context=from-pstn', 'context=from-pstn\nauth=branch'))
  for (let at = 1e7; at < 1e7 + 60_000; at += 1_000) {
    const question = source?.next(at) ?? null
    const answer = question === null ? null : other(question)
    if (question !== null && answer?.ok) {
      source?.answered(question, { ...answer.answer, ...turned(question, answer) }, at)
    }
  }
  world.wait(60_000)
  expect([before('carrier'), world.roles.roleOf('carrier')]).toEqual(['trunk', 'phone'])
  expect(warnings(world)).toMatchObject([{ endpoint: 'carrier', role: 'phone' }])
})

/** The carrier has become a phone. */
function turned(question: Question, { answer }: Extract<Asked, { ok: true }>): object {
  if (!('endpoint' in question) || question.endpoint !== 'carrier' || answer.about !== 'endpoint') {
    return {}
  }
  return { settings: { ...answer.settings, context: 'from-internal', callerNumber: 'carrier', isWebRtc: true } }
}

test('of members of queues are those of phones', async () => {
  const world = start()
  await connect(world, snapshotOf(['carrier']))
  world.members = ['carrier']
  world.roles.check()
  expect(world.roles.listEndpoints()[0]?.reasons).toContain('queue_member')
})

test('of endpoints that become known later are asked', async () => {
  const world = start()
  await connect(world, snapshotOf([]))
  const described = { resource: 'anna', state: 'online' } as const
  world.roles.endpoints.apply({ type: 'EndpointChanged', endpoint: { technology: 'SIP', ...described } })
  expect(world.roles.sources[0]?.next(0)).toBeNull()
  world.roles.endpoints.apply({ type: 'EndpointChanged', endpoint: { technology: 'PJSIP', ...described } })
  expect(world.roles.sources[0]?.next(0)).toEqual({ about: 'endpoint', endpoint: 'anna' })
})

test.each<[string, Setup, string, string]>([
  ['TRUNKS is set', { trunks: ['anna'] }, 'setting', 'sure'],
  ['nothing may be asked', { questionsPerSecond: 0 }, 'name', 'doubtful'],
])('are not asked for if %s', async (_what, setup, decidedBy, certainty) => {
  const world = start(setup)
  await connect(world)
  world.roles.check()
  expect([world.asked, world.log, world.roles.sources]).toEqual([[], [], []])
  expect(world.roles.roleOf('anna')).toBe('trunk')
  expect(world.roles.listEndpoints()[0]).toMatchObject({ decidedBy, certainty, reasons: [] })
})

/** Phones with names, and what answers one question after the other about them. */
function manyPhones(count: number) {
  const names = Array.from({ length: count }, (_, index) => `anna${index}`)
  const phone = (name: string) =>
    `[${name}]\ntype=endpoint\ncontext=in\nauth=${name}\naors=${name}\n[${name}]\ntype=aor\nmax_contacts=1\n`
  const answer = asteriskWith(names.map(phone).join('\n'))
  const learnAll = ({ roles, wait }: World, each: () => void): void => {
    const [source] = roles.sources
    for (let question = source?.next(1e8) ?? null; question !== null; question = source?.next(1e8) ?? null) {
      const given = answer(question)
      if (given.ok) {
        source?.answered(question, given.answer, 1e8)
      }
      wait(1)
      each()
    }
  }
  return { snapshot: snapshotOf(names), learnAll }
}

test('of many endpoints are judged anew at most once in as many milliseconds while they are learned', async () => {
  const world = start()
  const { snapshot, learnAll } = manyPhones(100)
  world.answer = () => SILENT
  await connect(world, snapshot)
  world.wait(10_000)
  const roles = new Set<unknown>()
  learnAll(world, () => roles.add(world.roles.presentRoles()))
  expect(roles.size).toBeGreaterThan(1)
  // 200 answers in as many milliseconds.
  expect(roles.size).toBeLessThan(20)
  world.wait(100)
  expect(world.roles.presentRoles()('anna99')).toBe('phone')
})

test('of many endpoints are written at most once in as many milliseconds, and again if the disk failed', async () => {
  const folder = freshFolder()
  const missing = join(folder, 'later')
  const world = start({ folder: missing })
  const { snapshot, learnAll } = manyPhones(100)
  world.answer = () => SILENT
  await connect(world, snapshot)
  world.wait(10_000)
  learnAll(world, world.roles.check)
  mkdirSync(missing)
  world.wait(100)
  world.roles.check()
  const file = join(missing, 'calls.db-endpoints')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(100)
  rmSync(file)
  await connect(world, snapshotOf(['anna0']))
  world.roles.check()
  expect(existsSync(file)).toBe(false)
  world.wait(100)
  world.roles.check()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1)
})
