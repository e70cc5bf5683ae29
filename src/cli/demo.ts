// The exporter with a simulated Asterisk and a call log in a temporary folder.
//
// The exporter is the real one and connects over a real socket; only the calls are simulated.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Build, type Exporter, startExporter } from '../app/exporter.ts'
import type { ExporterOptions } from '../app/exporterOptions.ts'
import { exampleCommand } from '../calllog/exampleQuery.ts'
import type { Logging } from '../log.ts'
import { startPbx } from '../pbx-sim/pbx.ts'
import { SETTINGS } from '../settings/settings.ts'
import type { SimulationOptions } from './commandLine.ts'

/** Something that runs, and what to print about it. */
export interface Running {
  readonly greeting: string
  stop(): Promise<void>
}

export interface RunningDemo extends Pick<Running, 'greeting'>, Pick<Exporter, 'stop'> {
  readonly logging: Logging
  readonly stopTimeoutMs: number
}

export interface DemoDependencies {
  /** Reads the configuration from the environment; these settings take precedence. */
  readonly config: (settings: Readonly<Record<string, string>>) => ExporterOptions
  readonly logging: (config: ExporterOptions) => Logging
  readonly build: Build
}

const USER = 'demo'
const PASSWORD = 'demo'
/** The simulated office is in Finland. */
const NUMBERS = { COUNTRY: 'FI', LINES: '5550101=Sales,5550102=Support,5550103=Office' }
/** Simulated seconds in one real second. */
const SPEED = 12
/** What happens besides the mix of calls. */
const OFFICE = { callBacks: true, recordings: true, agentsPause: true, voiceTrouble: true }

/** Starts only the simulated Asterisk. Rejects with the system's error if it cannot listen. */
export async function startSimulation(options: SimulationOptions): Promise<Running & { readonly url: string }> {
  const pbx = await startPbx({ ...options, user: USER, password: PASSWORD, speed: SPEED, ...OFFICE })
  const greeting = [
    `A simulated Asterisk with ${options.callsPerSecond} calls a second listens at ${pbx.url}. To start the exporter with it:`,
    '',
    `  ARI_URL=${pbx.url} ARI_USER=${USER} ARI_PASSWORD=${PASSWORD} COUNTRY=${NUMBERS.COUNTRY} asterisk-ari-exporter`,
  ].join('\n')
  return { url: pbx.url, greeting, stop: pbx.stop }
}

/** Starts both. Rejects with the errors of `startSimulation` and `startExporter`. */
export async function startDemo(options: SimulationOptions, deps: DemoDependencies): Promise<RunningDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'asterisk-ari-exporter-demo-'))
  const simulation = await startSimulation(options)
  const stopSimulation = async () => {
    await simulation.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const config = deps.config({
      ARI_URL: simulation.url,
      ARI_USER: USER,
      ARI_PASSWORD: PASSWORD,
      ARI_PASSWORD_FILE: '',
      // Simulated calls go nowhere.
      ...{ CALL_LOG_SINK: '', CALL_LOG_SINK_PASSWORD_FILE: '', WEBHOOK_URL: '' },
      ...NUMBERS,
    })
    const isKept = config.callLog.path !== SETTINGS.callLog.path.default
    const path = isKept ? resolve(config.callLog.path) : join(folder, 'calls.db')
    const logging = deps.logging(config)
    const { log, output } = logging
    const exporter = await startExporter(
      { ...config, callLog: { ...config.callLog, path } },
      { log, build: deps.build, linesDropped: output.dropped },
    )
    const stop = async () => {
      const closed = await exporter.stop()
      await stopSimulation()
      return closed
    }
    return {
      logging,
      stop,
      stopTimeoutMs: config.process.stopTimeoutMs,
      greeting: greetingOf(config.http.host, exporter, { path, isKept }),
    }
  } catch (error) {
    await stopSimulation()
    throw error
  }
}

interface CallLogFile {
  readonly path: string
  /** Else it is deleted at the end. */
  readonly isKept: boolean
}

function greetingOf(host: string, { port, tls }: Exporter, { path, isKept }: CallLogFile): string {
  const base = `${tls ? 'https' : 'http'}://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
  return [
    '',
    `  The page     ${base}/`,
    `  The metrics  ${base}/metrics`,
    `  The call log ${path} (SQLite${isKept ? '' : '; deleted at the end, unless DB_PATH names another file'})`,
    '',
    '  The latest calls in it:',
    '',
    `    ${exampleCommand(path)}`,
    '',
    '  Ctrl+C ends the demo.',
    '',
  ].join('\n')
}
