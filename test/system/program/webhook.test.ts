// The webhook of the real program: every true end is posted, also after a kill -9, repetitions have the key of the first attempt, and
// nothing is posted that the call log does not have.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXPECTED, framesOf } from '../../unit/call/recording.ts'
import { freshFolder, isInstalled, makePair } from '../../unit/http/certificates.ts'
import { type Receiver, type Reply, startReceiver } from '../../unit/webhook/receiver.ts'
import { exporter, pbxWith, ready, rows } from './exporterUnderTest.ts'
import { subjectOf, subjectsOf, waitingFor, webhookSettings } from './posted.ts'
import { eventually, get } from './program.ts'

function settingsFor(receiver: Receiver, pbx: { readonly url: string }): Readonly<Record<string, string>> {
  return { ARI_URL: pbx.url, SITE: 'north', TRUNKS: 'trunk-*,tk-*', ...webhookSettings(receiver) }
}

test.each([1, 2])('kill -9 with a receiver that fails: each end is posted, with one key (seed %i)', async (seed) => {
  const pbx = await pbxWith({ callsPerSecond: 15, speed: 60 })
  const receiver = await startReceiver()
  let random = seed
  receiver.answer = async (): Promise<Reply> => {
    // A linear congruential generator, so that a run can be repeated.
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    const failure = (['cut', 500, 503, 429, 408] as const)[random % 40]
    return failure ?? 200
  }
  const settings = settingsFor(receiver, pbx)
  let db: string | undefined
  let output = ''
  for (let run = 1; run <= 4; run += 1) {
    const program = await exporter({ ...settings, LOG_LEVEL: 'warn' }, db)
    db = program.db
    await ready(program.port)
    const before = receiver.taken.length
    await eventually(
      () => receiver.taken.length,
      (taken) => taken >= before + 30 + 7 * seed,
    )
    program.child.kill('SIGKILL')
    await program.ended
    output += program.output()
  }
  if (db === undefined) {
    throw new Error('no program ran')
  }
  await pbx.stop()
  receiver.answer = () => 200
  // The PBX is gone: no call begins or ends any more, and what has ended is posted.
  const last = await exporter({ ...settings, LOG_LEVEL: 'warn' }, db)
  await eventually(
    () => waitingFor('webhook', last.db),
    (left) => left === 0,
  )
  expect([...new Set(receiver.taken.map(subjectOf))].toSorted()).toEqual(subjectsOf(last.db))
  const keys = new Map(receiver.requests.map((request) => [subjectOf(request), request.key]))
  for (const request of receiver.requests) {
    expect([subjectOf(request), request.key]).toEqual([subjectOf(request), keys.get(subjectOf(request))])
  }
  expect(new Set(keys.values()).size).toBe(keys.size)
  // The receiver failed, so there were repetitions.
  expect(receiver.requests.length).toBeGreaterThan(keys.size)
  expect(rows(last.db, 'SELECT * FROM outbox_refused')).toEqual([])
  const { text: metrics } = await get(last.port, '/metrics')
  expect(`${output}${last.output()}${metrics}`).not.toMatch(/must-not-be-seen/)
})

test('an answer that is lost with the program is asked for again, with the same key', async () => {
  const pbx = await pbxWith({})
  const receiver = await startReceiver()
  const settings = settingsFor(receiver, pbx)
  const first = await exporter(settings)
  await ready(first.port)
  receiver.answer = () => {
    first.child.kill('SIGKILL')
    return 200
  }
  pbx.place('answered-caller-hangs-up', { ringMs: 50, talkMs: 50 })
  await first.ended
  expect(receiver.requests).toHaveLength(1)
  receiver.answer = () => 200
  const second = await exporter(settings, first.db)
  await eventually(
    () => waitingFor('webhook', second.db),
    (left) => left === 0,
  )
  const [one, other, ...further] = receiver.requests
  expect(other?.key).toBe(one?.key)
  expect(other?.message).toEqual(one?.message)
  expect(further).toEqual([])
})

test.runIf(isInstalled('openssl', 'version'))('WEBHOOK_CA_FILE is trusted besides NODE_EXTRA_CA_CERTS', async () => {
  const pbx = await pbxWith({})
  const folder = freshFolder()
  const { cert, key } = makePair(folder, 'localhost')
  const receiver = await startReceiver({ tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } })
  const program = await exporter({
    ...settingsFor(receiver, pbx),
    WEBHOOK_CA_FILE: makePair(folder, 'other').cert,
    NODE_EXTRA_CA_CERTS: cert,
  })
  await ready(program.port)
  pbx.place('answered-caller-hangs-up', { ringMs: 50, talkMs: 50 })
  await eventually(
    () => receiver.taken.map(({ message }) => message.event),
    (events) => events.includes('answered'),
  )
})

/** Recordings, and the last agent of each of its calls that was not merged. */
const RECORDINGS: readonly (readonly [string, readonly string[]])[] = [
  ['attended-transfer', ['103']],
  ['field/attended-by-caller-outbound', ['203']],
  ['field/attended-to-queue-answered', ['203']],
  ['blind-transfer-by-callee', ['103']],
  ['queue-answered-after-wait', ['102']],
  ['queue-blind-transfer', ['3082']],
  ['call-pickup', ['103']],
  ['queue-pickup', ['3112']],
]

test('recorded traffic: one POST for each call that was not merged, as the API has it, with its last agent', async () => {
  const pbx = await pbxWith({})
  const receiver = await startReceiver()
  const program = await exporter(settingsFor(receiver, pbx))
  await ready(program.port)
  const told = () => receiver.requests.flatMap(({ message }) => (message.call === undefined ? [] : [message]))
  for (const [name, agents] of RECORDINGS) {
    const ids = new Set((EXPECTED[name]?.calls ?? []).map(({ channel_id }) => channel_id))
    const endedCalls = (EXPECTED[name]?.calls ?? []).filter(({ disposition }) => disposition !== 'merged')
    const frames = framesOf(name).map((raw) => ({ t: 0, raw }))
    await pbx.replayTrace(frames, { speed: 0, timestamps: 'kept' })
    await eventually(
      () => rows(program.db, 'SELECT channel_id AS id FROM calls WHERE end_time IS NOT NULL'),
      (ended) => ended.filter(({ id }) => ids.has(String(id))).length === ids.size,
    )
    await eventually(
      () => waitingFor('webhook', program.db),
      (left) => left === 0,
    )
    const ofRecording = told().filter(({ call }) => ids.has(call?.channel_id ?? ''))
    expect(ofRecording.map(({ call }) => call?.channel_id).toSorted()).toEqual(
      endedCalls.map(({ channel_id }) => channel_id).toSorted(),
    )
    expect([name, ofRecording.map(({ last_agent }) => last_agent)]).toEqual([name, agents])
    for (const { channel_id, answered_by, disposition } of endedCalls) {
      const call = ofRecording.find((message) => message.call?.channel_id === channel_id)?.call
      expect(call).toMatchObject({ answered_by, disposition, merged_into: null })
      const { text } = await get(program.port, `/api/calls/${call?.id}`)
      expect(call).toEqual(JSON.parse(text))
    }
  }
  expect(told()).toHaveLength(RECORDINGS.reduce((sum, [, agents]) => sum + agents.length, 0))
})
