#!/usr/bin/env node
// The program: reads the command line and the environment, runs what was asked for, and ends the process.
//
// The only file that touches `process`. What needs the database is loaded only after Node is known to be new enough:
// an older one would end without a word.

import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { parseArgs } from 'node:util'
import type { Build } from './app/exporter.ts'
import { type ExporterOptions, readOptions } from './app/exporterOptions.ts'
import type { Closed } from './calllog/callLog.ts'
import { HELP } from './cli/help.ts'
import { describeConfig, readSetting } from './config.ts'
import { createLog, type Logging, openLog } from './log.ts'
import { limitHeapGrowth } from './process/v8.ts'
import { misspelt } from './settings/misspelt.ts'
import { type Environment, SETTINGS } from './settings/settings.ts'

/** Node-API level that better-sqlite3 needs: Node 22.14 and later. */
const NODE_API = 10

/** For what has no call log. */
const STOP_WITHIN_MS = 1_800

const DEFECT =
  'a defect of this program ends it; what is in the call log stays: start it again, and report this line with its stack'

/** For a pipe that is read slowly. */
const LAST_LINES_WITHIN_MS = 200

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  'check-config': { type: 'boolean' },
  json: { type: 'boolean' },
  port: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values']

await main()

async function main(): Promise<void> {
  // Nobody may be there to read what is said.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined)
  }
  loadDotEnv()
  const { flags, words } = commandLine()
  const [command, ...operands] = words
  if (flags.help) {
    return say(HELP)
  }
  if (flags.version) {
    return say(build().version)
  }
  if (flags['check-config']) {
    return checkConfig()
  }
  switch (command) {
    case undefined:
      return await run()
    case 'demo':
      return await demo(flags)
    case 'simulate':
      return await simulate(flags)
    case 'replay':
      return await replay(operands[0], flags)
    case 'record':
      return await record(operands[0])
    case 'backup':
      return await backup(operands[0])
    default:
      return fail(`"${command}" is no command of this program: see --help`)
  }
}

function commandLine(): { flags: Flags; words: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true })
    return { flags: values, words: positionals }
  } catch (error) {
    return fail(`${messageOf(error)}: see --help`)
  }
}

async function run(): Promise<void> {
  const config = configOrFail(process.env)
  const logging = loggingOf(config)
  for (const sentence of misspelt(process.env)) {
    logging.log.warn({}, sentence)
  }
  needNewNode()
  trust(config.ari.ca)
  limitHeapGrowth()
  const { startExporter } = await import('./app/exporter.ts')
  const deps = { log: logging.log, build: build(), linesDropped: logging.output.dropped }
  const { stop } = await started(startExporter(config, deps))
  await untilStopped(logging, { stop, withinMs: config.process.stopTimeoutMs })
}

async function demo(flags: Flags): Promise<void> {
  needNewNode()
  const { startDemo } = await import('./cli/demo.ts')
  const config = (ari: Record<string, string>) => configOrFail({ ...process.env, ...ari })
  const parts = await started(startDemo(simulation(flags), { config, logging: loggingOf, build: build() }))
  say(parts.greeting)
  await untilStopped(parts.logging, { stop: parts.stop, withinMs: parts.stopTimeoutMs })
}

async function simulate(flags: Flags): Promise<void> {
  const { startSimulation } = await import('./cli/demo.ts')
  const simulated = await started(startSimulation(simulation(flags)))
  say(simulated.greeting)
  await untilStopped(null, { stop: withoutLog(simulated.stop), withinMs: STOP_WITHIN_MS })
}

async function replay(path: string | undefined, flags: Flags): Promise<void> {
  if (path === undefined) {
    return fail('replay needs a file: asterisk-ari-exporter replay FILE.ndjson [--json]')
  }
  const { replay: read, replayDocument, replayTable } = await import('./cli/replay.ts')
  const trunks = readSetting(process.env, SETTINGS.calls.trunks)
  const log = createLog({ level: 'warn', format: 'json' }, process.stderr)
  const replayed = await read({ path, trunks }, log).catch((error: unknown) =>
    fail(`cannot read ${path}: ${messageOf(error)}`),
  )
  const { frames, malformed } = replayed
  if (frames === 0 && malformed > 0) {
    return fail(`${path} is no recording of ARI traffic: none of its ${malformed} lines is an event`)
  }
  say(flags.json ? JSON.stringify(replayDocument(replayed), null, 2) : replayTable(replayed))
}

async function record(path: string | undefined): Promise<void> {
  if (path === undefined) {
    return fail('record needs a file to write: asterisk-ari-exporter record FILE.ndjson')
  }
  const config = configOrFail(process.env)
  const logging = loggingOf(config)
  trust(config.ari.ca)
  const { startRecording } = await import('./cli/recordTraffic.ts')
  const recording = await started(startRecording({ path, ari: config.ari }, logging.log))
  await untilStopped(logging, { stop: withoutLog(recording.stop), withinMs: STOP_WITHIN_MS })
}

async function backup(target: string | undefined): Promise<void> {
  if (target === undefined) {
    return fail('backup needs a file to write: asterisk-ari-exporter backup FILE.db')
  }
  needNewNode()
  const path = readSetting(process.env, SETTINGS.callLog.path)
  const { backUp } = await import('./calllog/file/backup.ts')
  const { calls } = await started(backUp(path, target))
  say(
    [
      `${target}: the call log ${path} as it was just now, ${calls} calls ended`,
      `To restore: stop the exporter, move ${path}, ${path}-wal, ${path}-shm and ${path}-spill away, copy this file to ${path}, start.`,
    ].join('\n'),
  )
}

function simulation(flags: Flags): { port: number; callsPerSecond: number; seed: number } {
  const number = (name: 'port' | 'rate' | 'seed', fallback: number): number => {
    const value = Number(flags[name] ?? fallback)
    return Number.isFinite(value) && value >= 0 ? value : fail(`--${name} is "${flags[name]}": give a number`)
  }
  return { port: number('port', 0), callsPerSecond: number('rate', 2), seed: number('seed', 1) }
}

function checkConfig(): void {
  configOrFail(process.env)
  say([...describeConfig(process.env), ...misspelt(process.env), 'configuration is valid'].join('\n'))
}

function configOrFail(environment: Environment): ExporterOptions {
  const result = readOptions(environment, (path) => readFileSync(path, 'utf8'))
  return result.ok ? result.options : fail([...result.problems, ...misspelt(environment)].join('\n'))
}

// Settings in the environment win over those in the file.
function loadDotEnv(): void {
  try {
    process.loadEnvFile()
  } catch {
    // There is none, and none is needed.
  }
}

function needNewNode(): void {
  if (Number(process.versions['napi']) >= NODE_API) {
    return
  }
  fail(
    `Node.js ${process.versions.node} is too old for the call log: use Node.js 22.14 or later, such as the one \`npm start\` uses`,
  )
}

// For all connections that this process makes: there are none but those to Asterisk.
function trust(certificates: string | null): void {
  if (certificates === null) {
    return
  }
  const { setDefaultCACertificates } = tls
  if (setDefaultCACertificates === undefined) {
    return fail('ARI_CA_FILE needs Node.js 22.19 or 24.5; with an older one, set NODE_EXTRA_CA_CERTS to that file')
  }
  setDefaultCACertificates([...tls.getCACertificates('default'), certificates])
}

function build(): Build {
  const { name, version }: { name: string; version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return { name, version, revision: process.env['EXPORTER_REVISION'] || 'unknown', nodeVersion: process.version }
}

function loggingOf(config: ExporterOptions): Logging {
  const { level, format, ...rest } = config.log
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY === true)
  const logging = openLog({ ...rest, level, format: pretty ? 'pretty' : 'json' }, process.stdout)
  process.on('exit', () => logging.output.writeRest())
  // A rejection that nobody handles comes here too.
  process.on('uncaughtException', (err) => {
    logging.log.fatal({ err }, DEFECT)
    process.exit(1)
  })
  return logging
}

// What the world refuses at the start (a port, a file) is told in one line; anything else is a bug and shows its stack.
async function started<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting
  } catch (error) {
    if (error instanceof Error && (error.name === 'CallLogOpenError' || error.name === 'HttpListenError')) {
      return fail(error.message)
    }
    throw error
  }
}

interface Stopping {
  readonly stop: () => Promise<Closed>
  readonly withinMs: number
}

async function untilStopped(logging: Logging | null, { stop, withinMs }: Stopping): Promise<void> {
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => resolve(name))
    }
  })
  logging?.log.info({ signal }, 'stopping')
  setTimeout(() => {
    logging?.log.error({ withinMs }, 'not stopped in time: ending all the same; see STOP_TIMEOUT')
    process.exit(1)
  }, withinMs).unref()
  const { lost } = await stop()
  logging?.log.info({}, 'stopped')
  await logging?.output.drained(LAST_LINES_WITHIN_MS)
  process.exit(lost > 0 ? 1 : 0)
}

function withoutLog(stop: () => Promise<void>): () => Promise<Closed> {
  return async () => {
    await stop()
    return { lost: 0 }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
