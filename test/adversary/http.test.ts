// Each attack over HTTP, on the program itself over a simulated PBX: it holds, and listens on.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, freePort, get, type Program, scrape, startProgram, sumOf } from '../program/program.ts'
import type { Attack, Target } from './attack.ts'
import { crowd, nonReaders, pipelined, pipelinedReading, refusedUpgrades } from './requests.ts'

const ATTACKS: readonly Attack[] = [pipelined, pipelinedReading, crowd, nonReaders, refusedUpgrades]

let program: Program
let target: Target

beforeAll(async () => {
  const port = await freePort()
  target = { host: '127.0.0.1', port }
  program = startProgram(['demo', '--rate', '20'], { HTTP_PORT: String(port), LOG_LEVEL: 'warn' })
  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
}, 30_000)

afterAll(async () => {
  program.child.kill('SIGKILL')
  await program.ended
})

test.each(ATTACKS)('$name', { timeout: 60_000 }, async (attack) => {
  const outcome = await attack.run(target)
  if (process.env['SHOW']) process.stdout.write(JSON.stringify(outcome))
  expect(outcome).toMatchObject({ verdict: 'held' })
  const samples = await scrape(target.port)
  expect([samples.get('asterisk_up'), sumOf(samples, 'asterisk_exporter_session_disconnects_total')]).toEqual([1, 0])
})
