// Runs the built program against the simulated PBX for a long time and watches its memory and handles.
//
//   npm run soak                 an hour at 10 calls a second
//   npm run soak -- 300 50       so many seconds, so many calls a second
//
// Memory is flat when the last quarter is at most 5 % above the second; handles (open files and sockets) must not grow.
// Prints the figures, and ends with 1 when they are not so. Linux only: it reads /proc.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, get, scrape, sumOf } from '../program/program.ts'
import { residentMb } from '../program/residentMb.ts'

const [seconds = 3600, rate = 10] = process.argv.slice(2).map(Number)
const SAMPLES = 120
const MOST_GROWTH = 1.05

interface Sample {
  readonly rssMb: number
  readonly handles: number
  readonly active: number
}

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const pbx = await startPbx({ user: 'soak', password: 'soak', callsPerSecond: rate, speed: 4 })
const port = await freePort()
const child = spawn(process.execPath, [main], {
  env: {
    ARI_URL: pbx.url,
    ARI_USER: 'soak',
    ARI_PASSWORD: 'soak',
    DB_PATH: join(mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-soak-')), 'calls.db'),
    HTTP_PORT: String(port),
    LOG_LEVEL: 'warn',
  },
  stdio: 'inherit',
})
await eventually(
  () => get(port, '/-/ready'),
  ({ status }) => status === 200,
  30_000,
)

const samples: Sample[] = []
for (let n = 0; n < SAMPLES; n += 1) {
  await sleep((seconds * 1000) / SAMPLES)
  const active = sumOf(await scrape(port), 'asterisk_calls_active')
  samples.push({ rssMb: residentMb(child.pid ?? 0), handles: readdirSync(`/proc/${child.pid}/fd`).length, active })
  if (n % 10 === 9) {
    say(`${Math.round(((n + 1) * seconds) / SAMPLES)} s: ${JSON.stringify(samples.at(-1))}`)
  }
}
const ended = sumOf(await scrape(port), 'asterisk_calls_total')
const truth = pbx.truth()
child.kill('SIGTERM')
await pbx.stop()

const second = quarter(1)
const last = quarter(3)
const growth = mean(last, 'rssMb') / mean(second, 'rssMb')
const handles = Math.max(...last.map((sample) => sample.handles)) - Math.max(...second.map((sample) => sample.handles))
say(`${seconds} s at ${rate} calls/s: ${ended} calls ended on /metrics, ${JSON.stringify(truth)} in truth`)
say(
  `resident memory: second quarter ${mean(second, 'rssMb').toFixed(1)} MB, last ${mean(last, 'rssMb').toFixed(1)} MB (${growth.toFixed(3)})`,
)
say(`handles: ${handles > 0 ? `${handles} more` : 'no growth'} (${last.at(-1)?.handles})`)
process.exit(growth <= MOST_GROWTH && handles <= 0 ? 0 : 1)

function quarter(index: number): readonly Sample[] {
  return samples.slice((index * SAMPLES) / 4, ((index + 1) * SAMPLES) / 4)
}

function mean(some: readonly Sample[], field: keyof Sample): number {
  return some.reduce((sum, sample) => sum + sample[field], 0) / some.length
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
