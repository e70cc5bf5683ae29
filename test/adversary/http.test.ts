// Each attack over HTTP, on the program itself with a log of 50,000 calls over a simulated PBX: it holds, and listens on.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCalls, writeKnown } from '../calllog/manyCalls.ts'
import {
  eventually,
  freePort,
  freshFolder,
  get,
  type Program,
  scrape,
  startProgram,
  sumOf,
} from '../program/program.ts'
import type { Attack, Target } from './attack.ts'
import {
  crowd,
  exportsOfAll,
  heavyQuestions,
  nonReaders,
  pipelined,
  pipelinedReading,
  refusedUpgrades,
} from './requests.ts'

const ATTACKS: readonly Attack[] = [
  pipelined,
  pipelinedReading,
  crowd,
  nonReaders,
  refusedUpgrades,
  exportsOfAll,
  heavyQuestions,
]

const programs: Program[] = []
let target: Target

beforeAll(async () => {
  const [pbx, port] = [await freePort(), await freePort()]
  const db = join(freshFolder(), 'calls.db')
  writeKnown(db, makeCalls(50_000))
  programs.push(startProgram(['simulate', '--port', String(pbx), '--rate', '20']))
  programs.push(
    startProgram([], {
      ARI_URL: `http://127.0.0.1:${pbx}`,
      ARI_USER: 'demo',
      ARI_PASSWORD: 'demo',
      DB_PATH: db,
      HTTP_PORT: String(port),
      LOG_LEVEL: 'warn',
    }),
  )
  target = { host: '127.0.0.1', port }
  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
}, 60_000)

afterAll(async () => {
  for (const { child, ended } of programs) {
    child.kill('SIGKILL')
    await ended
  }
})

test.each(ATTACKS)('$name', { timeout: 60_000 }, async (attack) => {
  const before = await disconnects()
  const outcome = await attack.run(target)
  if (process.env['SHOW']) process.stdout.write(`${attack.name}: ${JSON.stringify(outcome)}\n`)
  expect(outcome).toMatchObject({ verdict: 'held' })
  expect(await disconnects()).toEqual(before)
})

/** Ends of the session so far, behind whether it is up. */
async function disconnects(): Promise<readonly unknown[]> {
  const samples = await scrape(target.port)
  return [samples.get('asterisk_up'), sumOf(samples, 'asterisk_exporter_session_disconnects_total')]
}
