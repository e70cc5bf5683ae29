// The receiver that prints: what Alertmanager sends becomes a line for each alert, and nothing else is taken.

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

test('an alert is a line, and so is its end', () => {
  expect(noticesOf('page', JSON.stringify({ version: '4', alerts: [ALERT, OVER] }))).toEqual([
    LINE,
    LINE.replace('CRITICAL', 'OVER').replace('00Z |', '00Z, over at 2026-11-23T10:30:00Z |'),
  ])
})

test('whatever is in it, an alert stays one line', () => {
  const [line = '', ...more] =
    noticesOf('page', JSON.stringify({ alerts: [{ annotations: { summary: 'a\nb\u001b[31m' } }] })) ?? []
  expect(more).toEqual([])
  expect(line).toContain('a b [31m')
})

test.each(['', 'null', '[]', '{"alerts":7}', '{'])('%j is none of Alertmanager’s', (body) => {
  expect(noticesOf('page', body)).toBeNull()
})

describe('over HTTP', () => {
  const lines: string[] = []
  const server = createNotices((line) => lines.push(line))
  let url = ''

  beforeEach(async () => {
    lines.length = 0
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on a port has an address that is no string.
    const address: AddressInfo | string | null = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const send = async (body: string, path = '/page') => (await fetch(url + path, { method: 'POST', body })).status

  test('takes what Alertmanager posts, and says whose it is', async () => {
    expect(await send(JSON.stringify({ alerts: [ALERT] }), '/page')).toBe(200)
    expect(await send(JSON.stringify({ alerts: [ALERT] }), '/quiet')).toBe(200)
    expect(lines).toEqual([LINE, LINE.replace('page', 'quiet')])
  })

  test('refuses what is something else, or too long, and goes on', async () => {
    expect(await send('hello')).toBe(400)
    expect(await send(JSON.stringify({ alerts: [ALERT], padding: 'x'.repeat(2 ** 20) }))).toBe(400)
    expect((await fetch(url, { method: 'PUT', body: '{}' })).status).toBe(405)
    expect((await fetch(url)).status).toBe(200)
    expect(lines).toEqual([])
    expect(await send(JSON.stringify({ alerts: [ALERT] }))).toBe(200)
    expect(lines).toHaveLength(1)
  })
})

test('runs by itself, out of a folder with nothing else in it, and ends when told', async () => {
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
