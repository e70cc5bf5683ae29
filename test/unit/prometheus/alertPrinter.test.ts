// The receiver that prints messages: a line for each alert of Alertmanager's webhook; other requests are rejected.

import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNotices, noticesOf } from '../../../prometheus/alertPrinter.ts'

const ALERT = {
  status: 'firing',
  labels: { alertname: 'AsteriskTrunkDown', severity: 'critical' },
  annotations: {
    summary: 'A trunk is down',
    description: 'No carrier.',
    dashboard_url: 'http://g/d/x',
    runbook_url: 'http://w/#y',
  },
  startsAt: '2026-11-23T10:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
}
const OVER = { ...ALERT, status: 'resolved', endsAt: '2026-11-23T10:30:00Z' }
const LINE =
  'page | CRITICAL AsteriskTrunkDown | A trunk is down: No carrier. | since 2026-11-23T10:00:00Z | look http://g/d/x do http://w/#y'

test('prints a line for a firing alert and for a resolved one', () => {
  expect(noticesOf('page', JSON.stringify({ version: '4', alerts: [ALERT, OVER] }))).toEqual([
    LINE,
    LINE.replace('CRITICAL', 'OVER').replace('00Z |', '00Z, over at 2026-11-23T10:30:00Z |'),
  ])
})

test('prints one line for an alert with line breaks', () => {
  const [line = '', ...more] =
    noticesOf('page', JSON.stringify({ alerts: [{ annotations: { summary: 'a\nb\u001b[31m' } }] })) ?? []
  expect(more).toEqual([])
  expect(line).toContain('a b [31m')
})

test.each(['', 'null', '[]', '{"alerts":7}', '{'])('rejects %j', (body) => {
  expect(noticesOf('page', body)).toBeNull()
})

describe('over HTTP', () => {
  const lines: string[] = []
  const server = createNotices((line) => lines.push(line))
  let url = ''

  beforeEach(async () => {
    lines.length = 0
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // The address of a server on a port is an object.
    const address: AddressInfo | string | null = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const send = async (body: string, path = '/page') => (await fetch(url + path, { method: 'POST', body })).status

  test('accepts messages of Alertmanager, and prints the name of the receiver', async () => {
    expect(await send(JSON.stringify({ alerts: [ALERT] }), '/page')).toBe(200)
    expect(await send(JSON.stringify({ alerts: [ALERT] }), '/quiet')).toBe(200)
    expect(lines).toEqual([LINE, LINE.replace('page', 'quiet')])
  })

  test('rejects other and too long requests, and continues', async () => {
    expect(await send('hello')).toBe(400)
    expect(await send(JSON.stringify({ alerts: [ALERT], padding: 'x'.repeat(2 ** 20) }))).toBe(400)
    expect((await fetch(url, { method: 'PUT', body: '{}' })).status).toBe(405)
    expect((await fetch(url)).status).toBe(200)
    expect(lines).toEqual([])
    expect(await send(JSON.stringify({ alerts: [ALERT] }))).toBe(200)
    expect(lines).toHaveLength(1)
  })
})

test('runs from a folder with no other file, and ends on SIGTERM', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-notices-'))
  copyFileSync(new URL('../../../prometheus/alertPrinter.ts', import.meta.url), join(folder, 'notices.ts'))
  const child = spawn(process.execPath, [join(folder, 'notices.ts')], { env: { ...process.env, NOTICES_PORT: '0' } })
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))))
  const code = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  expect(said).toContain('listening')
  expect(await code).toBe(0)
  rmSync(folder, { recursive: true })
})
