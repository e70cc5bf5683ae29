// A telemetry tool must not affect the PBX: whatever happens to it, calls continue.
//
// Under 50 calls a second the program's socket is cut, it is killed and started again, and it is stopped (SIGSTOP) for ten
// seconds while Asterisk keeps sending. Afterwards ARI answers, a new listener connects, and a plain call is counted.
// Asterisk sometimes keeps the name of a listener that was killed; the next start must connect all the same.
// Whenever it is in sync it asks Asterisk as much as its settings allow, about many queues; after each disruption it asks again.
// HARMLESS_TIMES: how often in all (the long version is 200). HARMLESS_ONLY: `cut`, `kill` or `freeze`, and no other.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { CallLogRows } from './callLogRows.ts'
import { databaseIn, type Exporter, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { ari, hangUpAll, startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { ACCESS, ARI_URL, PLACE, PORTS } from './lab/place.ts'
import { Stage } from './lab/sipp.ts'
import { MANY_QUEUES, THROUGH_MANY_QUEUES } from './manyQueues.ts'
import { type Relay, relayTo } from './tcpRelay.ts'

const { HARMLESS_TIMES = '16', HARMLESS_ONLY } = process.env
const TIMES = Number(HARMLESS_TIMES)
const RATE = 50
const ROUND_CALLS = RATE * 30
const FREEZE_MS = 10_000
/** Asterisk forgets the name of a listener that is gone in a few ms, or never. */
const FAREWELL_MS = 1_000
const APP = 'harmless-trial'
/** Ten times the default. */
const MOST_QUESTIONS = '50'

type Disruption = 'cut' | 'kill' | 'freeze'

/** One freeze in sixteen, a kill each fourth time, else a cut. */
const MIXTURE: readonly Disruption[] = Array.from({ length: TIMES }, (_, n) =>
  n % 16 === 7 ? 'freeze' : n % 4 === 3 ? 'kill' : 'cut',
)
const KINDS = MIXTURE.map((kind) => (['cut', 'kill', 'freeze'] as const).find((one) => one === HARMLESS_ONLY) ?? kind)

const stage = new Stage()
let relay: Relay
let exporter: Exporter
let folder: string
/** How often Asterisk went on knowing a listener that was killed. */
let namesKept = 0
/** Questions of the programs that were killed, by outcome. */
const questions = { answered: 0, gone: 0, refused: 0, no_answer: 0 }

beforeAll(async () => {
  await startAsterisk(MANY_QUEUES)
  relay = await relayTo(PORTS.ari)
  folder = mkdtempSync(join(PLACE.run, 'harmless-'))
  exporter = await start()
  await stage.callers([{ from: 'trunk-b', to: THROUGH_MANY_QUEUES, talk: 0 }]).done
})

afterAll(async () => {
  stage.clear()
  await exporter?.kill()
  await relay?.close()
  await hangUpAll()
  await stopAsterisk()
})

const start = () =>
  startExporter({
    user: ACCESS.user,
    app: APP,
    folder,
    settings: { ARI_URL: relay.url, LOG_LEVEL: 'warn', ARI_QUESTIONS_PER_SECOND: MOST_QUESTIONS },
  })

async function isRegistered(): Promise<boolean> {
  const known = (await ari('/applications')) as { name: string }[]
  return known.some(({ name }) => name === APP)
}

async function asked(outcome: keyof typeof questions): Promise<number> {
  return total(await exporter.samples(), 'asterisk_exporter_questions_total', { outcome })
}

async function countQuestions(): Promise<void> {
  for (const outcome of ['answered', 'gone', 'refused', 'no_answer'] as const) {
    questions[outcome] += await asked(outcome)
  }
}

async function disrupt(kind: Disruption): Promise<void> {
  switch (kind) {
    case 'cut':
      // After a freeze Asterisk may have dropped the socket itself, and the next one is on its way.
      await expect.poll(() => relay.cut(), { timeout: 60_000, interval: 50 }).toBeGreaterThan(0)
      break
    case 'kill':
      await countQuestions()
      await exporter.kill()
      await sleep(FAREWELL_MS)
      if (await isRegistered()) {
        namesKept += 1
      }
      exporter = await start()
      break
    case 'freeze':
      exporter.freeze()
      await sleep(FREEZE_MS)
      exporter.thaw()
      break
  }
  await sleep(500)
  await expect.poll(() => exporter.ready(), { timeout: 60_000, interval: 50 }).toBe(true)
  const before = await asked('answered')
  await expect.poll(() => asked('answered'), { timeout: 60_000, interval: 50 }).toBeGreaterThan(before)
}

/** Makes calls at the rate, in rounds, until `isOver`; resolves with how many were made. Rejects when one fails. */
async function load(isOver: () => boolean): Promise<number> {
  let made = 0
  while (!isOver()) {
    const phone = await stage.callee('phone102', { does: 'answers', ring: 0, talk: 0 }, ROUND_CALLS)
    const calls = Array.from({ length: ROUND_CALLS }, () => ({ from: '101', to: '102', talk: 300 }) as const)
    const callers = stage.callers(calls, RATE)
    await Promise.all([callers.done, phone.done])
    made += ROUND_CALLS
  }
  return made
}

test(`${TIMES} disruptions under ${RATE} calls a second do not affect the PBX`, {
  timeout: 60_000 + TIMES * 20_000,
}, async () => {
  let over = false
  const calls = load(() => over)
  for (const kind of KINDS) {
    await disrupt(kind)
  }
  over = true
  const made = await calls
  await untilQuiet()

  const asked = Date.now()
  expect(await ari('/applications')).toEqual(expect.any(Array))
  const answeredMs = Date.now() - asked
  await opensWebsocket()
  const callLog = new CallLogRows(databaseIn(folder))
  // The last calls of the load are still on their way to the disk; none may stay open.
  await expect.poll(() => callLog.calls().filter((row) => row.end_time === null).length).toBe(0)
  const before = callLog.ended()
  const phone = await stage.callee('phone102', { does: 'answers', ring: 200, talk: 0 })
  await Promise.all([phone.done, stage.callers([{ from: '101', to: '102', talk: 500 }]).done])
  await expect.poll(() => callLog.ended() - before).toBe(1)
  callLog.close()
  await countQuestions()
  const count = (kind: Disruption) => KINDS.filter((one) => one === kind).length
  process.stdout.write(
    `harmless: ${count('cut')} sockets cut, ${count('kill')} kills (name left behind in Asterisk by ${namesKept}; each next start got in), ${count('freeze')} freezes of ${FREEZE_MS / 1000} s, ` +
      `${made} calls made meanwhile, 0 failed; /ari/applications answered in ${answeredMs} ms, a new websocket opened, a plain call was counted; ` +
      `questions by outcome: ${JSON.stringify(questions)}\n`,
  )
})

function opensWebsocket(): Promise<void> {
  return new Promise((resolve, reject) => {
    const key = `${ACCESS.user}:${ACCESS.password}`
    const socket = new WebSocket(`${ARI_URL.replace('http', 'ws')}/ari/events?app=harmless-check&api_key=${key}`)
    const late = setTimeout(() => reject(new Error('no websocket within 30 s')), 30_000)
    socket.on('open', () => {
      clearTimeout(late)
      socket.close()
      resolve()
    })
    socket.on('error', reject)
  })
}
