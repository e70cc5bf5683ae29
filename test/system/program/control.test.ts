// The program with CONTROL against a simulated PBX: it needs a password or token, has phones called, hangs up, and records who did it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exporter, pbxWith, ready, rows, type Started } from './exporterUnderTest.ts'
import { eventually, freshFolder, runProgram } from './program.ts'

const TOKEN = 'c2VjcmV0LXRva2VuLW9mLXRoZS10ZXN0cw=='

function tokenFile(): string {
  const file = join(freshFolder(), 'token')
  writeFileSync(file, TOKEN)
  return file
}

async function send({ port }: Started, method: string, path: string, body?: object) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

test('does not start without a password or token', async () => {
  const { code, output } = await runProgram([], { ARI_USER: 'u', ARI_PASSWORD: 'p', CONTROL: 'true' })
  expect(code).toBe(78)
  expect(output).toContain('CONTROL needs a password or token: set users in WEB_CONFIG_FILE or HTTP_BEARER_TOKEN_FILE')
})

test('begins and ends a call; log, call log and answers hide numbers that are to be masked', async () => {
  const pbx = await pbxWith({})
  const settings = { CONTROL: 'true', COUNTRY: 'FI', MASK_NUMBERS: 'true', LOG_MASK_NUMBERS: 'true' }
  const program = await exporter({ ...settings, ARI_URL: pbx.url, HTTP_BEARER_TOKEN_FILE: tokenFile() })
  await ready(program.port)
  const begun = await send(program, 'POST', '/api/calls', { from: '101', to: '0401234567' })
  expect(begun).toEqual({ status: 202, body: { channel_id: expect.stringMatching(/^control-/) } })
  const { channel_id: id } = begun.body
  await eventually(
    () => send(program, 'GET', '/api/calls/active'),
    ({ body }) => body.calls.some((call: { channel_id: string }) => call.channel_id === id),
  )
  expect(await send(program, 'DELETE', `/api/calls/${id}`)).toEqual({ status: 204, body: null })
  expect(pbx.liveChannels()).toEqual([])
  expect(await send(program, 'DELETE', `/api/calls/${id}`)).toMatchObject({ status: 404 })
  expect(await send(program, 'POST', '/api/calls', { from: '101', to: '0600123456' })).toMatchObject({ status: 403 })
  const told = rows(program.db, 'SELECT who, action, phone, number, number_kind, outcome FROM actions')
  const hangUp = { who: 'token', action: 'hang_up', phone: null, number: null, number_kind: null }
  const call = { who: 'token', action: 'call', phone: '101' }
  expect(told).toHaveLength(4)
  expect(told).toEqual(
    expect.arrayContaining([
      { ...call, number: '*******567', number_kind: 'mobile', outcome: 'done' },
      { ...call, number: '*******456', number_kind: 'premium', outcome: 'refused' },
      { ...hangUp, outcome: 'done' },
      { ...hangUp, outcome: 'failed' },
    ]),
  )
  await eventually(program.output, (text) => text.includes('"numberKind":"premium"'))
  expect(program.output()).not.toMatch(/0401234567|0600123456/)
  expect(program.output()).not.toContain(TOKEN)
})
