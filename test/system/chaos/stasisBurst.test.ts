// A burst into the Stasis application, as from a dialplan that sends every call there: every channel continues, and other clients can
// still connect.
//
// The simulated Asterisk has the session limit of the real one: connections beyond it are closed without an answer.

import { afterEach, expect, test } from 'vitest'
import { createSession, type Session } from '../../../src/ari/session.ts'
import { type Pbx, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { FAST, keepingLogger, type Line, until, WARN } from '../../unit/ari/sessionHarness.ts'
import { ask, PASSWORD, USER } from '../../unit/pbx-sim/listening.ts'

const CALLERS = 1_000
/** Callers of the simulated PBX hang up after some time; here not before the end of the test. */
const PATIENT = { patienceMs: 600_000, ringMs: 5, talkMs: 600_000 }

let pbx: Pbx
let session: Session
const log: Line[] = []

afterEach(async () => {
  await session.stop()
  await pbx.stop()
  log.length = 0
})

async function begin(complaints: string[] = [], callMs = FAST.callMs): Promise<void> {
  pbx = await startPbx({ user: USER, password: PASSWORD, traffic: 'lean' }, { log: (line) => complaints.push(line) })
  session = createSession(
    {
      url: pbx.url,
      user: USER,
      password: PASSWORD,
      app: 'callcenter-app',
      takeover: false,
      detail: 'full',
      queueBytes: 1e8,
      timing: { ...FAST, callMs, verifyEveryMs: 10_000 },
    },
    { log: keepingLogger(log) },
  )
  session.start({ onEvent: () => undefined, onMalformed: () => undefined, onDisconnect: () => undefined })
  await until(() => session.status().phase === 'in_sync', 'the session is in sync')
}

/** Channels that continue are connected with a phone, which is a second channel of each call. */
const putThrough = () => pbx.liveChannels().length - CALLERS

const said = (words: string) => log.filter((line) => line.msg.includes(words)).length

async function allOn(): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (putThrough() < CALLERS && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(putThrough()).toBe(CALLERS)
}

test(`${CALLERS} at once: all continue, other requests are answered meanwhile, few connections are used`, {
  timeout: 120_000,
}, async () => {
  const complaints: string[] = []
  await begin(complaints)
  for (let n = 0; n < CALLERS; n += 1) {
    pbx.place('stasis', PATIENT)
  }
  await until(() => session.stasis().count > 0, 'they are there')
  let asked = 0
  while (session.stasis().count > 0 && asked < 5_000) {
    expect((await ask(pbx.url, 'GET /asterisk/info')).status).toBe(200)
    asked += 1
  }
  expect(asked).toBeGreaterThan(3)
  await allOn()
  expect(session.stasis()).toEqual({ count: 0, oldestMs: 0 })
  expect(complaints).toEqual([])
  expect(log.filter((line) => line.level >= WARN)).toEqual([])
})

test('each channel is retried until an unresponsive Asterisk answers', {
  timeout: 120_000,
}, async () => {
  await begin([], 400)
  for (let n = 0; n < CALLERS; n += 1) {
    pbx.place('stasis', PATIENT)
  }
  pbx.stall()
  await until(() => session.stasis().count > 0, 'they are there')
  // An earlier version tried only three times, within less than three seconds.
  await until(() => session.stasis().oldestMs > 4_000, 'they have waited for long')
  expect(session.stasis().count).toBeGreaterThan(CALLERS / 2)
  pbx.resume()
  await allOn()
  expect(said('could not continue in the dialplan')).toBe(1)
  await until(() => said('continue in the dialplan again') > 0, 'it says that all is well')
  expect(said('continue in the dialplan again')).toBe(1)
})
