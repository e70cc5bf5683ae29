// What a site sends after it was cut off for a while: whether a central server takes samples that are older than an hour.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { remoteWrite } from './remoteWrite.ts'
import type { Server } from './serverProcess.ts'
import { findTools, startPrometheus } from './servers.ts'
import { findVictoriaTools, startVictoria } from './victoriaMetrics.ts'

const HOUR_MS = 3_600_000

/** As in prometheus/README.md. */
const WINDOW = 'storage: { tsdb: { out_of_order_time_window: 4h } }'

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-late-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Whether it takes a sample of so many hours ago once it has one of now. */
async function takes(server: Server, ...hoursAgo: readonly number[]): Promise<readonly boolean[]> {
  const now = Date.now()
  expect((await remoteWrite(server.url, 'fresh', now)).status).toBe(204)
  const taken: boolean[] = []
  for (const hours of hoursAgo) {
    const { status } = await remoteWrite(server.url, `late_${taken.length}`, now - hours * HOUR_MS)
    taken.push(status === 204)
  }
  return taken
}

test.each(findTools())('Prometheus $prometheusVersion refuses them, unless it has a window for them', async (tools) => {
  const ask = async (config: string) => {
    const configPath = join(folder, 'prometheus.yml')
    writeFileSync(configPath, config)
    const server = await startPrometheus({ tools, configPath, flags: ['--web.enable-remote-write-receiver'] })
    try {
      return await takes(server, 0.5, 1.5, 3.5)
    } finally {
      await server.stop()
    }
  }
  expect(await ask('global: {}\n')).toEqual([true, false, false])
  expect(await ask(`${WINDOW}\n`)).toEqual([true, true, true])
})

test.each(findVictoriaTools())('VictoriaMetrics $version takes them', async (tools) => {
  const server = await startVictoria({ tools })
  try {
    expect(await takes(server, 0.5, 1.5, 3.5)).toEqual([true, true, true])
  } finally {
    await server.stop()
  }
})

test('the documentation has that window', () => {
  const documented = readFileSync(new URL('../../../prometheus/README.md', import.meta.url), 'utf8')
  expect(documented).toContain(WINDOW)
  expect(parse(WINDOW)).toEqual({ storage: { tsdb: { out_of_order_time_window: '4h' } } })
})
