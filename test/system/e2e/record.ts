// Plays flows of the field alone, one after the other, and records what Asterisk says: `node test/system/e2e/record.ts NAME …`.
//
// Each becomes NAME.ndjson.gz in `--into FOLDER` (test/traces/kinds). What it means is written by a person; to help, what the
// flow says of itself and what CDR, CEL and queue_log say goes to stderr. Never asks what the program concludes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { cdrRows } from './cdr.ts'
import { Cel } from './cel.ts'
import { configOf } from './field/config.ts'
import { type Flow, namesOf } from './field/flow.ts'
import { FLOWS } from './field/flows.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, ARI_URL, PLACE, PORTS } from './lab/place.ts'
import { queueStays } from './queueLog.ts'

const PROGRAM = join(import.meta.dirname, '../../../dist/main.js')
const KINDS = join(import.meta.dirname, '../../traces/kinds')

const { values, positionals } = parseArgs({ allowPositionals: true, options: { into: { type: 'string' } } })
const folder = values.into ?? KINDS
mkdirSync(folder, { recursive: true })
await startAsterisk(configOf(FLOWS))
const phones = await Phones.open(PORTS.phones)
try {
  for (const name of positionals) {
    await recordFlow(flowNamed(name))
  }
} finally {
  phones.close()
  await stopAsterisk()
}

function flowNamed(name: string): Flow {
  const flow = FLOWS.find((one) => one.name === name)
  if (flow === undefined) {
    throw new Error(`There is no flow "${name}".`)
  }
  return flow
}

async function recordFlow(flow: Flow): Promise<void> {
  const names = namesOf(FLOWS.indexOf(flow))
  const before = { cdr: cdrRows().length, stays: queueStays().length, roots: new Cel().roots().length }
  const recorder = await startRecorder()
  await flow.play({ ...names, phones })
  await untilQuiet()
  await sleep(1_000)
  writeFileSync(join(folder, `${flow.name}.ndjson.gz`), gzipSync(await recorder.stop(), { level: 9 }))
  const cel = new Cel()
  print(flow.name, {
    meant: flow.rows(names),
    stays: flow.stays?.(names) ?? [],
    cel: cel
      .roots()
      .slice(before.roots)
      .map((one) => ({ ...one, applications: [], meeting: cel.meeting(one.id) })),
    cdr: cdrRows().slice(before.cdr),
    queueLog: queueStays().slice(before.stays),
  })
}

/** The program's own `record`, listening; `stop` resolves with the recording. */
async function startRecorder(): Promise<{ readonly stop: () => Promise<Buffer> }> {
  const place = mkdtempSync(join(PLACE.run, 'record-'))
  const file = join(place, 'recording.ndjson')
  const { PATH } = process.env
  const access = { ARI_URL, ARI_USER: ACCESS.user, ARI_PASSWORD: ACCESS.password, ARI_APP: 'recorder' }
  const child = spawn(process.execPath, [PROGRAM, 'record', file], {
    cwd: place,
    env: { PATH, ...access, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  while (!said.includes('connected')) {
    await Promise.race([sleep(50), gone.then(() => Promise.reject(new Error(said)))])
  }
  return {
    async stop() {
      child.kill('SIGTERM')
      await gone
      return readFileSync(file)
    },
  }
}

function print(name: string, what: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ [name]: what }, null, 1)}\n`)
}
