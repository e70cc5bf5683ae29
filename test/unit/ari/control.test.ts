// The requests that change something at Asterisk: exactly two, with nothing but a phone, a context and a number.

import { describe, expect, test } from 'vitest'
import { createAriControl } from '../../../src/ari/control.ts'
import { createRest } from '../../../src/ari/rest/rest.ts'
import { failed, type RestProblemKind } from '../../../src/ari/rest/result.ts'
import { createSession, type SessionOptions } from '../../../src/ari/session.ts'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'

const CALL = {
  channelId: 'control-1',
  endpoint: 'PJSIP/101',
  context: 'internal',
  extension: '102',
  callerNumber: '101',
} as const

describe('names and numbers that are no such', () => {
  test.each([
    { endpoint: 'PJSIP/trunk-a/sip:0600@evil' },
    { endpoint: 'Local/0600@internal' },
    { endpoint: 'PJSIP/101&PJSIP/102' },
    { context: 'a,b' },
    { context: '' },
    { extension: '*72' },
    { extension: '102,1' },
    { callerNumber: '"x" <1>' },
  ])('%j is not asked', async (wrong) => {
    const rest = {
      originate: () => Promise.reject(new Error('asked')),
      hangUp: () => Promise.reject(new Error('asked')),
    }
    expect(await createAriControl(rest).originate({ ...CALL, ...wrong })).toMatchObject({
      ok: false,
      failure: 'not_asked',
    })
  })
})

test.each<[RestProblemKind, string]>([
  ['forbidden', 'read_only'],
  ['not_found', 'gone'],
  ['conflict', 'exists'],
  ['timeout', 'unknown'],
  ['stopped', 'unknown'],
  ['unreachable', 'unknown'],
  ['server_error', 'refused'],
])('%s is told as %s', async (kind, failure) => {
  const rest = { originate: async () => failed(kind, 'x'), hangUp: async () => failed(kind, 'x') }
  expect(await createAriControl(rest).hangUp('1.1')).toEqual({ ok: false, failure, detail: 'x' })
})

test('a phone rings, then the other; a second request with the id is refused; the call is hung up', async () => {
  const pbx = await startPbx({ user: 'u', password: 'p', readOnlyUser: 'reader', speed: 1 })
  const open = (user: string) =>
    createRest({ baseUrl: `${pbx.url}/ari`, user, password: 'p', callMs: 5_000, listMs: 5_000, askMs: 5_000 })
  const [rest, reader] = [open('u'), open('reader')]
  const control = createAriControl(rest)
  expect(await createAriControl(reader).originate(CALL)).toMatchObject({ failure: 'read_only' })
  expect(await control.originate(CALL)).toEqual({ ok: true })
  expect(await control.originate(CALL)).toMatchObject({ failure: 'exists' })
  expect(pbx.liveChannels().map(({ id }) => id)).toEqual(['control-1'])
  expect(await createAriControl(reader).hangUp('control-1')).toMatchObject({ failure: 'read_only' })
  expect(await control.hangUp('control-1')).toEqual({ ok: true })
  expect(pbx.liveChannels()).toEqual([])
  expect(await control.hangUp('control-1')).toMatchObject({ failure: 'gone' })
  rest.close()
  reader.close()
  await pbx.stop()
})

test('a session has no control unless it is wanted', () => {
  const user = { url: 'http://127.0.0.1:8088', user: 'u', password: 'p' }
  const options: SessionOptions = { ...user, app: 'a', takeover: false, detail: 'full', queueBytes: 1 }
  const ignore = () => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore }
  expect(createSession(options, { log }).control).toBeNull()
  expect(createSession({ ...options, mayControl: true }, { log }).control).not.toBeNull()
})
