// The API of the program over a simulated PBX with masked numbers: live and ended calls are masked alike.

import { afterEach, expect, test } from 'vitest'
import type { CallPage } from '../../../src/query/schema.ts'
import { eventually, freePort, get, type Program, startProgram } from './program.ts'

const running: Program[] = []

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
})

test('lists live and ended calls, and gives no full number', async () => {
  const port = await freePort()
  const program = startProgram(['demo', '--rate', '10'], {
    HTTP_PORT: String(port),
    MASK_NUMBERS: 'true',
    LOG_LEVEL: 'warn',
  })
  running.push(program)
  const ask = async (path: string) => {
    const { status, text } = await get(port, path)
    if (status === 200) {
      expect([path, text.match(/"(?:caller|callee)":"\+?\d{5,}"|"caller_name":"[^"]/g)]).toEqual([path, null])
    }
    return { status, body: status === 200 ? JSON.parse(text) : null }
  }
  const masked = /"caller":"\*+\d{3}"/
  const live = await eventually(
    () => ask('/api/calls/active'),
    ({ body }) => masked.test(JSON.stringify(body)),
  )
  expect(live.body.total).toBe(live.body.calls.length)
  const { id } = live.body.calls[0]
  const ended = await eventually(
    () => ask('/api/calls?limit=500&missed=false'),
    ({ body }) =>
      body?.calls.some((call: CallPage['calls'][number]) => call.end_time !== null && call.caller.startsWith('*')),
  )
  expect(ended.body.calls.length).toBeGreaterThan(0)
  expect((await ask(`/api/calls/${id}`)).body).toMatchObject({ id, channel_id: live.body.calls[0].channel_id })
  const { body } = await ask('/api/operators')
  expect(body.operators.some(({ state }: { state: string | null }) => state === 'talking' || state === 'ringing')).toBe(
    true,
  )
  expect((await ask('/api/stats')).body.calls).toBeGreaterThan(0)
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
})
