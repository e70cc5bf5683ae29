// A burst into the exporter's own Stasis application on a real Asterisk: 1,000 channels at once, everybody is handed back.
//
// Asterisk takes 100 HTTP connections by default, for all its clients: meanwhile another client of ARI must be answered.
// BURST_CHANNELS: how many.

import { mkdtempSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Exporter, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { ari, hangUpAll, startAsterisk, stopAsterisk } from './lab/asterisk.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'

const CHANNELS = Number(process.env['BURST_CHANNELS'] ?? 1_000)
const DIALPLAN = `[burst]
exten => s,1,Stasis(${ACCESS.application})
 same => n,Wait(120)
`

let exporter: Exporter

beforeAll(async () => {
  await startAsterisk({ 'extensions_flows.conf': DIALPLAN })
  const folder = mkdtempSync(join(PLACE.run, 'burst-'))
  exporter = await startExporter({ user: ACCESS.user, app: ACCESS.application, folder })
})

afterAll(async () => {
  await exporter?.stop()
  await hangUpAll()
  await stopAsterisk()
})

/** Has Asterisk make them, as fast as it can: each half that runs the dialplan goes straight into the application. */
function originate(): Promise<void> {
  const fields = (values: Record<string, string>) =>
    `${Object.entries(values)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\r\n')}\r\n\r\n`
  const action = { Action: 'Originate', Channel: 'Local/s@burst/n', Application: 'Wait', Data: '120', Async: 'true' }
  const socket = connect(PORTS.ami, '127.0.0.1')
  let said = ''
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('data', (data) => {
      said += data
      if (said.split('successfully queued').length <= CHANNELS) {
        return
      }
      socket.destroy()
      resolve()
    })
    socket.write(fields({ Action: 'Login', Username: ACCESS.user, Secret: ACCESS.password, Events: 'off' }))
    for (let n = 0; n < CHANNELS; n += 1) {
      socket.write(fields({ ...action, ActionID: String(n) }))
    }
  })
}

/** How many channels of the dialplan run this application. */
async function running(app: string): Promise<number> {
  const channels = (await ari('/channels')) as { name: string; dialplan: { app_name: string } }[]
  return channels.filter(({ name, dialplan }) => name.endsWith(';2') && dialplan.app_name === app).length
}

/** Connections to Asterisk's HTTP server that are open (st 01) in this network namespace, ours and everybody's. */
function connections(): number {
  const port = PORTS.ari.toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return lines.filter((line) => new RegExp(`^ *\\d+: \\w+:\\w+ \\w+:${port} 01 `).test(line)).length
}

test(`${CHANNELS} channels at once continue in the dialplan, and others are answered meanwhile`, {
  timeout: 120_000,
}, async () => {
  const begun = performance.now()
  let isOver = false
  const other = askAsOther(() => isOver)
  await originate()
  await expect.poll(() => running('Wait'), { timeout: 60_000, interval: 250 }).toBe(CHANNELS)
  const tookMs = performance.now() - begun
  isOver = true
  const { asked, failed, slowestMs, mostConnections } = await other
  expect(await running('Stasis')).toBe(0)
  const samples = await exporter.samples()
  expect(total(samples, 'asterisk_exporter_stasis_waiting')).toBe(0)
  expect(total(samples, 'asterisk_exporter_session_disconnects_total')).toBe(0)
  expect(failed).toBe(0)
  expect(asked).toBeGreaterThan(0)
  process.stdout.write(
    `burst: ${CHANNELS} channels into Stasis at once, all handed back within ${(tookMs / 1000).toFixed(1)} s; another client asked ` +
      `${asked} times meanwhile, 0 failed, the slowest answer took ${Math.round(slowestMs)} ms; at most ${mostConnections} HTTP connections were open\n`,
  )
})

/** Another client of ARI, on connections of its own. */
async function askAsOther(isOver: () => boolean) {
  const seen = { asked: 0, failed: 0, slowestMs: 0, mostConnections: 0 }
  while (!isOver()) {
    const asked = performance.now()
    await ari('/asterisk/info').catch(() => {
      seen.failed += 1
    })
    seen.asked += 1
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - asked)
    seen.mostConnections = Math.max(seen.mostConnections, connections())
    await sleep(50)
  }
  return seen
}
