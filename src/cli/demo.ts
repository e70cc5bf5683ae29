// The whole program without a PBX: a simulated Asterisk beside it, and a call log in a temporary folder.
//
// The exporter is the real one, over a real socket; only the phones are made up.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Build, type Exporter, startExporter } from '../app/exporter.ts'
import type { ExporterOptions } from '../app/exporterOptions.ts'
import type { Logging } from '../log.ts'
import { startPbx } from '../pbx-sim/pbx.ts'
import { SETTINGS } from '../settings/settings.ts'

export interface SimulationOptions {
  /** 0: any free one. */
  readonly port: number
  readonly callsPerSecond: number
  readonly seed: number
}

/** Something that runs, and the text for the person who started it. */
export interface Running {
  readonly greeting: string
  stop(): Promise<void>
}

export interface RunningDemo extends Pick<Running, 'greeting'>, Pick<Exporter, 'stop'> {
  readonly logging: Logging
  readonly stopTimeoutMs: number
}

export interface DemoDependencies {
  /** Makes the configuration from the environment and these settings, which win. */
  readonly config: (settings: Readonly<Record<string, string>>) => ExporterOptions
  readonly logging: (config: ExporterOptions) => Logging
  readonly build: Build
}

const USER = 'demo'
const PASSWORD = 'demo'
/** Minutes become seconds. */
const SPEED = 12

/** Only the simulated Asterisk. Rejects when its port is taken. */
export async function startSimulation(options: SimulationOptions): Promise<Running & { readonly url: string }> {
  const pbx = await startPbx({ ...options, user: USER, password: PASSWORD, speed: SPEED })
  const greeting = [
    `A simulated Asterisk answers at ${pbx.url}, ${options.callsPerSecond} calls a second. Point the exporter at it:`,
    '',
    `  ARI_URL=${pbx.url} ARI_USER=${USER} ARI_PASSWORD=${PASSWORD} asterisk-ari-exporter`,
  ].join('\n')
  return { url: pbx.url, greeting, stop: pbx.stop }
}

/** Rejects as the exporter does. */
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
    })
    const path = config.callLog.path === SETTINGS.callLog.path.default ? join(folder, 'calls.db') : config.callLog.path
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
      greeting: greetingOf(config.http.host, exporter, path),
    }
  } catch (error) {
    await stopSimulation()
    throw error
  }
}

function greetingOf(host: string, { port, tls }: Exporter, path: string): string {
  const base = `${tls ? 'https' : 'http'}://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
  return [
    '',
    `  The page     ${base}/`,
    `  The metrics  ${base}/metrics`,
    `  The call log ${path} (SQLite, table calls)`,
    '',
    '  Ctrl+C ends the demo.',
    '',
  ].join('\n')
}
