// A sink loads what it needs, and nothing of another sink.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { SinkSettings } from '../../../src/shipping/sinks.ts'

const SINKS = new URL('../../../src/shipping/sinks.ts', import.meta.url)

const POSTGRES: SinkSettings = { name: 'postgres', address: { url: 'postgres://u@127.0.0.1/d', password: null } }
const WEBHOOK: SinkSettings = {
  name: 'webhook',
  receiver: {
    ...{ url: 'http://127.0.0.1/', secret: null, ca: null, userAgent: 'x/0' },
    links: { sipTrace: null, recording: null },
  },
}

/** Whether a process that opens the sink has loaded the package `pg`. */
async function loadsPg(settings: SinkSettings): Promise<boolean> {
  const code = `
    import { createRequire } from 'node:module'
    const { openSink } = await import(${JSON.stringify(SINKS.href)})
    const sink = await openSink(${JSON.stringify(settings)})
    const loaded = Object.keys(createRequire(${JSON.stringify(SINKS.href)}).cache)
    console.log(sink.name, loaded.some((file) => file.includes('/node_modules/pg/')))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code])
  expect(stdout).toContain(settings.name)
  return stdout.trim().endsWith('true')
}

test('the client of PostgreSQL is loaded for the central call log alone', async () => {
  expect(await loadsPg(POSTGRES)).toBe(true)
  expect(await loadsPg(WEBHOOK)).toBe(false)
})
