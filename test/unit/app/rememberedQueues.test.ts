// The file that remembers queues and their members: read back, written when they change, and never in the way.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRememberedQueues } from '../../../src/app/rememberedQueues.ts'

const SALES = { queue: 'sales', members: ['PJSIP/102', 'Local/103@agents/n'] }
const NEVER_LISTED = { queue: 'support', members: null }

function freshDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-queues-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'calls.db')
}

test('the next start reads what was written last; only its owner may read the file', () => {
  const database = freshDatabase()
  const first = openRememberedQueues(database)
  expect(first.earlier).toBeNull()
  first.write([SALES])
  first.write([SALES, NEVER_LISTED])
  expect(openRememberedQueues(database).earlier).toEqual([SALES, NEVER_LISTED])
  expect(statSync(`${database}-queues`).mode & 0o777).toBe(0o600)
})

test('what did not change is not written', () => {
  const database = freshDatabase()
  openRememberedQueues(database).write([SALES])
  const queues = openRememberedQueues(database)
  rmSync(`${database}-queues`)
  queues.write([SALES])
  expect(existsSync(`${database}-queues`)).toBe(false)
})

test.each(['', 'no JSON', '{}', '[{"queue":1,"members":[]}]', '[{"queue":"sales"}]'])(
  'a file that says %j counts as none, and is replaced',
  (text) => {
    const database = freshDatabase()
    writeFileSync(`${database}-queues`, text)
    const queues = openRememberedQueues(database)
    expect(queues.earlier).toBeNull()
    queues.write([SALES])
    expect(JSON.parse(readFileSync(`${database}-queues`, 'utf8'))).toEqual([SALES])
  },
)

test('what could not be written is written once it can be', () => {
  const database = freshDatabase()
  const queues = openRememberedQueues(database)
  const inTheWay = `${database}-queues.new`
  mkdirSync(inTheWay)
  queues.write([SALES])
  expect(existsSync(`${database}-queues`)).toBe(false)
  rmSync(inTheWay, { recursive: true })
  queues.write([SALES])
  expect(openRememberedQueues(database).earlier).toEqual([SALES])
})
