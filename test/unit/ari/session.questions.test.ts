// Questions of a session: over one connection that is kept, each with a deadline, none after its end.

import { expect, test } from 'vitest'
import { startQuestions } from '../../../src/app/questions.ts'
import type { Question } from '../../../src/ari/questions/question.ts'
import { type FakeAri, reply } from './fakeAri.ts'
import { fakeAriPerTest, inSync, keepingLogger, type Line, listen, until } from './sessionHarness.ts'

const VOICE: Question = { about: 'voice', channelId: '1.1' }
const COUNTS = { rxcount: 1, txcount: 1 }

let fake: FakeAri

fakeAriPerTest((started) => {
  fake = started
})

test('use one connection', async () => {
  const ports = new Set<number | undefined>()
  fake.override = (request, response, path) => {
    if (!path.endsWith('/rtp_statistics')) {
      return false
    }
    ports.add(request.socket.remotePort)
    reply(response, 200, COUNTS)
    return true
  }
  // Other requests of the session would use the same connections.
  const { session } = await listening({ verifyEveryMs: 60_000 })
  for (let count = 0; count < 20; count += 1) {
    expect(await session.ask(VOICE)).toMatchObject({ ok: true })
  }
  expect(ports.size).toBe(1)
})

test('have a deadline', async () => {
  fake.override = (_request, _response, path) => path.endsWith('/rtp_statistics')
  const { session } = await listening({ askMs: 30 })
  expect(await session.ask(VOICE)).toEqual({ ok: false, failure: 'no_answer', detail: 'no answer in 30 ms' })
})

test('are not answered after a stop, and an open one ends with it', async () => {
  fake.override = (_request, _response, path) => path.endsWith('/rtp_statistics')
  const { session } = await listening({ askMs: 60_000 })
  const open = session.ask(VOICE)
  await until(() => fake.count('GET /ari/channels/1.1/rtp_statistics') === 1, 'it is asked')
  await session.stop()
  expect(await open).toMatchObject({ failure: 'no_answer' })
  expect(await session.ask(VOICE)).toMatchObject({ failure: 'no_answer' })
})

test('are asked again after the session was lost, and not before it is in sync', async () => {
  let isOpen = true
  const phases: string[] = []
  fake.override = (request, response, path) => {
    if (path.endsWith('/rtp_statistics')) {
      reply(response, 200, COUNTS)
      return true
    }
    if (!isOpen) {
      request.socket.resetAndDestroy()
    }
    return !isOpen
  }
  const heard = await listening({})
  const log: Line[] = []
  // A question that was asked in time may arrive after the session was lost.
  const ask = (question: Question) => {
    phases.push(heard.session.status().phase)
    return heard.session.ask(question)
  }
  const questions = startQuestions(50, {
    session: { ...heard.session, ask },
    sources: [{ next: () => VOICE, answered: () => undefined, failed: () => undefined }],
    asked: () => undefined,
    pbxNow: () => 0,
    log: keepingLogger(log),
  })
  await until(() => phases.length > 0, 'it asks')
  isOpen = false
  fake.reset()
  await until(() => heard.session.status().phase !== 'in_sync', 'the session is lost')
  const before = phases.length
  isOpen = true
  await until(() => phases.length > before, 'it asks again')
  questions.stop()
  expect(new Set(phases)).toEqual(new Set(['in_sync']))
  expect(log).toEqual([])
})

async function listening(timing: object): Promise<ReturnType<typeof listen>> {
  const heard = listen(fake.url, { timing })
  await inSync(heard)
  return heard
}
