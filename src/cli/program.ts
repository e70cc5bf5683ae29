// Reads the command line and the environment, runs a command and ends the process.
//
// The only file that reads the environment, handles signals or exits. Modules that need the database are imported after the
// check of Node's version: an older Node would end without a message.

import { readFileSync } from 'node:fs'
import type { Build } from '../app/exporter.ts'
import { type ExporterOptions, readOptions } from '../app/exporterOptions.ts'
import type { Closed } from '../calllog/callLog.ts'
import { describeConfig, FLEET_SETTINGS } from '../config.ts'
import { createLog, type Logging, openLog } from '../log.ts'
import { trustAlso } from '../process/certificates.ts'
import { misspelt } from '../settings/misspelt.ts'
import type { Environment } from '../settings/settings.ts'
import { type CommandLine, parseCommandLine, type SimulationOptions } from './commandLine.ts'
import { HELP } from './help.ts'
import { readReplayOptions } from './replayOptions.ts'

/** Node-API level that better-sqlite3 needs: Node 22.14 and later. */
const NODE_API = 10

/** Exit code for settings, a command line or a Node.js with which the program can never start (EX_CONFIG of sysexits.h): a supervisor need not try again. */
const WRONG_CONFIGURATION = 78

/** How long a command without a call log may take to stop. */
const STOP_WITHIN_MS = 1_800

const DEFECT =
  'the program ends because of a bug; the call log keeps what was written: start it again, and report this line with its stack'

const SIMULATION_FAILED = 'the simulated Asterisk cannot start'

/** How long to wait until a slow reader of the log has taken its last lines. */
const LAST_LINES_WITHIN_MS = 200

/** Runs the program with the words after its name on the command line. */
export async function runProgram(words: readonly string[]): Promise<void> {
  // The reader of the output may be gone: that must not end the program.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined)
  }
  const { line, settings } = parseCommandLine(words)
  Object.assign(process.env, settings)
  loadDotEnv()
  await runCommand(line)
}

async function runCommand(line: CommandLine): Promise<void> {
  switch (line.command) {
    case 'run':
      return await run()
    case 'demo':
      return await demo(line.simulation)
    case 'simulate':
      return await simulate(line.simulation)
    case 'replay':
      return await replay(line)
    case 'record':
      return await record(line.file)
    case 'backup':
      return await backup(line.file)
    case 'fleet':
      return await fleet(line.action)
    case 'fleet-init':
      return await fleetInit(line.since)
    case 'new-log-id':
      return await newLogId()
    case 'check-config':
      return checkConfig()
    case 'doctor':
      return await doctor()
    case 'help':
      return print(HELP)
    case 'version':
      return print(build().version)
    case 'invalid':
      return misconfigured([line.problem])
  }
}

async function run(): Promise<void> {
  const config = configOrFail(process.env)
  const logging = loggingOf(config)
  warnOfMisspelt(logging)
  needNewNode()
  trust(config.ari.ca)
  const { startExporter } = await import('../app/exporter.ts')
  const deps = { log: logging.log, build: build(), linesDropped: logging.output.dropped }
  const { stop } = await started(startExporter(config, deps))
  await untilStopped(logging, { stop, withinMs: config.process.stopTimeoutMs })
}

async function fleet(action: 'run' | 'check-config'): Promise<void> {
  const { readFleetOptions } = await import('../fleet/fleetOptions.ts')
  const result = readFleetOptions(process.env, (path) => readFileSync(path, 'utf8'))
  const options = result.ok ? result.options : misconfigured([...result.problems, ...misspelt(process.env)])
  if (action === 'check-config') {
    return printConfig(describeConfig(process.env, FLEET_SETTINGS))
  }
  const logging = loggingOf(options)
  warnOfMisspelt(logging)
  const { openFleet } = await import('./openFleet.ts')
  const { stop } = await started(openFleet(options, { logging, build: build() }))
  await untilStopped(logging, { stop: withoutLog(stop), withinMs: options.process.stopTimeoutMs })
}

async function demo(simulation: SimulationOptions): Promise<void> {
  needNewNode()
  const { startDemo } = await import('./demo.ts')
  const config = (ari: Record<string, string>) => configOrFail({ ...process.env, ...ari })
  const parts = await started(startDemo(simulation, { config, logging: loggingOf, build: build() }), SIMULATION_FAILED)
  print(parts.greeting)
  await untilStopped(parts.logging, { stop: parts.stop, withinMs: parts.stopTimeoutMs })
}

async function simulate(simulation: SimulationOptions): Promise<void> {
  const { startSimulation } = await import('./demo.ts')
  const simulated = await started(startSimulation(simulation), SIMULATION_FAILED)
  print(simulated.greeting)
  await untilStopped(null, { stop: withoutLog(simulated.stop), withinMs: STOP_WITHIN_MS })
}

async function replay({ file: path, json }: { file: string; json: boolean }): Promise<void> {
  const { replay: read, replayDocument, replayTable } = await import('./replay.ts')
  const result = readReplayOptions(process.env)
  const { calls, callback } = result.ok ? result.config : misconfigured(result.problems)
  const log = createLog({ level: 'warn', format: 'json' }, process.stderr)
  const replayed = await started(read({ path, ...calls, callback }, log), `cannot read ${path}`)
  const { frames, malformed } = replayed
  if (frames === 0 && malformed > 0) {
    return fail(`${path} is not a recording of ARI traffic: none of its ${malformed} lines is an event`)
  }
  print(json ? JSON.stringify(replayDocument(replayed), null, 2) : replayTable(replayed))
}

async function record(path: string): Promise<void> {
  const config = configOrFail(process.env)
  const logging = loggingOf(config)
  trust(config.ari.ca)
  const { startRecording } = await import('./recordTraffic.ts')
  const recording = await started(startRecording({ path, ari: config.ari }, logging.log), `cannot write ${path}`)
  recording.failed.then((error) => fail(`cannot write ${path}: ${error.message}`))
  await untilStopped(logging, { stop: withoutLog(recording.stop), withinMs: STOP_WITHIN_MS })
}

async function backup(target: string): Promise<void> {
  needNewNode()
  const { backUpCallLog } = await import('./callLogFile.ts')
  print(await started(backUpCallLog(process.env, target)))
}

async function fleetInit(since: string | null): Promise<void> {
  const { initFleet } = await import('./fleetInit.ts')
  const result = await initFleet(process.env, { since, readFile: (path) => readFileSync(path, 'utf8') })
  return result.ok ? print(result.lines.join('\n')) : fail(result.problems.join('\n'))
}

async function newLogId(): Promise<void> {
  needNewNode()
  const { renewLogId } = await import('./callLogFile.ts')
  print(await started(renewLogId(process.env)))
}

function checkConfig(): void {
  configOrFail(process.env)
  printConfig(describeConfig(process.env))
}

async function doctor(): Promise<never> {
  needNewNode()
  const config = configOrFail(process.env)
  trust(config.ari.ca)
  const { examine } = await import('./doctor/doctor.ts')
  const { hasFault, reportOf } = await import('./doctor/finding.ts')
  const configured = describeConfig(process.env).filter((line) => !/ \(default\)$|=\(not set\)$/.test(line))
  const findings = await examine({ config, configured: [...configured, ...misspelt(process.env)] })
  print(reportOf(findings))
  process.exit(hasFault(findings) ? 1 : 0)
}

function printConfig(described: readonly string[]): void {
  print([...described, ...misspelt(process.env), 'configuration is valid'].join('\n'))
}

function configOrFail(environment: Environment): ExporterOptions {
  const result = readOptions(environment, (path) => readFileSync(path, 'utf8'))
  return result.ok ? result.options : misconfigured([...result.problems, ...misspelt(environment)])
}

// Variables that are set already take precedence over the file.
function loadDotEnv(): void {
  try {
    process.loadEnvFile()
  } catch {
    // The file is optional.
  }
}

function needNewNode(): void {
  if (Number(process.versions['napi']) >= NODE_API) {
    return
  }
  misconfigured([
    `Node.js ${process.versions.node} is too old for the call log: install Node.js 22.14 or later (nodejs.org), or the .deb package or the archive of this program, which bring their own; in a checkout, \`npm start\` uses one that \`npm ci\` installed`,
  ])
}

// Applies to every TLS connection of this thread: it makes them only to Asterisk. Sinks have a thread, and certificates, of their own.
function trust(certificates: string | null): void {
  if (certificates !== null && !trustAlso(certificates)) {
    misconfigured(['ARI_CA_FILE needs Node.js 22.19 or 24.5; with an older one, set NODE_EXTRA_CA_CERTS to that file'])
  }
}

function warnOfMisspelt({ log }: Logging): void {
  for (const sentence of misspelt(process.env)) {
    log.warn({}, sentence)
  }
}

function build(): Build {
  const { name, version }: { name: string; version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return { name, version, revision: process.env['EXPORTER_REVISION'] || 'unknown', nodeVersion: process.version }
}

function loggingOf(config: Pick<ExporterOptions, 'log'>): Logging {
  const { level, format } = config.log
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY === true)
  const logging = openLog({ level, format: pretty ? 'pretty' : 'json' }, process.stdout)
  process.on('exit', () => logging.output.writeRest())
  // Also called for an unhandled rejection.
  process.on('uncaughtException', (err) => {
    logging.log.fatal({ err }, DEFECT)
    process.exit(1)
  })
  return logging
}

// An error that the operator can mend (a port in use, a file that cannot be written) is one line; any other is a bug and shows its
// stack. `failure` says what cannot be done, for the errors of the system, which have a code.
async function started<T>(starting: Promise<T>, failure: string | null = null): Promise<T> {
  try {
    return await starting
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error
    }
    if (error.name === 'CallLogOpenError' || error.name === 'HttpListenError') {
      return fail(error.message)
    }
    return failure !== null && 'code' in error ? fail(`${failure}: ${error.message}`) : Promise.reject(error)
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
    logging?.log.error({ withinMs }, 'not stopped in time: ending without waiting any longer; see STOP_TIMEOUT')
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

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function misconfigured(problems: readonly string[]): never {
  return fail(problems.join('\n'), WRONG_CONFIGURATION)
}

function fail(text: string, code = 1): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}
