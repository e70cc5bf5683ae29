// The app name lease: the next run recognises a name that a killed listener left behind in the PBX, and no other name.

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openAppNameLease } from '../../../src/ari/appNameLease.ts'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { createSubject } from '../../system/chaos/programUnderTest.ts'
import { eventually, freshFolder } from '../../system/program/program.ts'

const running: (() => unknown)[] = []

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) {
    await stop()
  }
})

describe('the lease file beside the database', () => {
  test('is found by the next run, until it is removed', () => {
    const db = join(freshFolder(), 'calls.db')
    const first = openAppNameLease(db, 'mine')
    expect(first.since).toBeNull()
    first.note(1_234)
    const second = openAppNameLease(db, 'mine')
    expect(second.since).toBe(1_234)
    second.note(null)
    expect(openAppNameLease(db, 'mine').since).toBeNull()
  })

  test('with another application name is ignored', () => {
    const db = join(freshFolder(), 'calls.db')
    openAppNameLease(db, 'former').note(1_234)
    expect(openAppNameLease(db, 'mine').since).toBeNull()
  })

  test.each(['', 'null', '{"app":"mine"}', '{"app":"mine","since":"long"}', '[1'])(
    'that reads %j is ignored',
    (text) => {
      const db = join(freshFolder(), 'calls.db')
      openAppNameLease(db, 'mine').note(1)
      const [name = ''] = readdirSync(join(db, '..'))
      writeFileSync(join(db, '..', name), text)
      expect(openAppNameLease(db, 'mine').since).toBeNull()
    },
  )

  test('a file that cannot be written is ignored', () => {
    const held = openAppNameLease(join(freshFolder(), 'missing', 'calls.db'), 'mine')
    expect(() => held.note(1)).not.toThrow()
    expect(() => held.note(null)).not.toThrow()
  })
})

test('after kill -9 the name is still registered: the next start uses it, another program does not', {
  timeout: 60_000,
}, async () => {
  const login = { user: 'held', password: 'held-pass-word' }
  const pbx = await startPbx({ ...login, traffic: 'lean' })
  running.push(pbx.stop)
  const folder = freshFolder()
  const start = async (database: string) => {
    const { user, password } = login
    const own = { ARI_URL: pbx.url, ARI_USER: user, ARI_PASSWORD: password, ARI_APP: 'mine' }
    const subject = await createSubject({ ...own, DB_PATH: join(folder, database) })
    running.push(() => subject.end('SIGKILL'))
    subject.start()
    return subject
  }
  const program = await start('calls.db')
  await eventually(program.isReady, Boolean, 20_000)
  await program.end('SIGKILL')
  await eventually(pbx.listeners, (count) => count === 0)
  const lingering = new WebSocket(
    `${pbx.url.replace('http', 'ws')}/ari/events?app=mine&api_key=${login.user}:${login.password}`,
  )
  running.push(() => lingering.terminate())
  await eventually(pbx.listeners, (count) => count === 1)

  const stranger = await start('another.db')
  await eventually(
    () => stranger.runs[0]?.output() ?? '',
    (said) => said.includes('name_taken'),
    20_000,
  )
  program.start()
  await eventually(program.isReady, Boolean, 20_000)
  expect(await stranger.isReady()).toBe(false)
})
