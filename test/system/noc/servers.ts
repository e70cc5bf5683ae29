// Real Prometheus and Alertmanager servers for the tests: the installed ones, and newer ones where `.ci/noc-tools`
// unpacked them. Each server has a free port and a folder of its own; both go when it is stopped.
//
// Never talks to a server that it did not start. What a server printed is in the error when it does not come up.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../program/program.ts'
import { freshServerFolder, type Server, startServer } from './serverProcess.ts'

export type { Server } from './serverProcess.ts'

/** One set of programs of the same age; versions as they print them, such as `2.42.0` and `0.25.0`. */
export interface Tools {
  readonly prometheus: string
  readonly promtool: string
  readonly alertmanager: string
  readonly amtool: string
  readonly prometheusVersion: string
  readonly alertmanagerVersion: string
}

/** Where newer programs are looked for: the folder that `.ci/noc-tools` fills. */
export const NEWER_TOOLS = process.env['NOC_TOOLS'] ?? join(tmpdir(), 'asterisk-ari-exporter-noc-tools')

/** The installed programs, then the newer ones if they are there. Throws when there are none at all. */
export function findTools(): readonly Tools[] {
  const newer = (name: string) => join(NEWER_TOOLS, 'bin', name)
  const found = [
    toolsOf({
      prometheus: 'prometheus',
      promtool: 'promtool',
      alertmanager: 'prometheus-alertmanager',
      amtool: 'amtool',
    }),
    existsSync(newer('prometheus'))
      ? toolsOf({
          prometheus: newer('prometheus'),
          promtool: newer('promtool'),
          alertmanager: newer('alertmanager'),
          amtool: newer('amtool'),
        })
      : null,
  ].filter((tools) => tools !== null)
  if (found.length === 0) {
    throw new Error('neither installed nor newer Prometheus and Alertmanager are here: see .ci/noc-tools')
  }
  return found
}

/** What is not run because a set of programs is missing; null when both are there. To be printed, aloud. */
export function missingHalf(tools: readonly Tools[]): string | null {
  const [first] = tools
  if (tools.length > 1 || first === undefined) {
    return null
  }
  return `ONLY HALF WAS RUN: Prometheus ${first.prometheusVersion} and Alertmanager ${first.alertmanagerVersion}; no others are here (.ci/noc-tools fetches the newer ones)`
}

type Programs = Omit<Tools, 'prometheusVersion' | 'alertmanagerVersion'>

function toolsOf(programs: Programs): Tools | null {
  const prometheusVersion = versionOf(programs.prometheus)
  const alertmanagerVersion = versionOf(programs.alertmanager)
  return prometheusVersion === null || alertmanagerVersion === null
    ? null
    : { ...programs, prometheusVersion, alertmanagerVersion }
}

function versionOf(program: string): string | null {
  try {
    const output = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    return /version (\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null
  } catch {
    return null
  }
}

/** A sample as the API gives it: labels, and (epoch seconds, value). */
export interface InstantSample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

/** Epoch seconds. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: string
    readonly timestamp: number
  }[]
}

/** All questions reject with Prometheus's own error, and its warnings count as errors. */
export interface Prometheus extends Server {
  /** An instant query, at an instant in epoch seconds or now. A scalar is one sample without labels. */
  readonly query: (expr: string, at?: number) => Promise<readonly InstantSample[]>
  readonly range: (expr: string, span: Span & { readonly step: number }) => Promise<readonly Series[]>
  readonly labelValues: (label: string, match: readonly string[], span?: Span) => Promise<readonly string[]>
  readonly series: (match: readonly string[], span?: Span) => Promise<readonly Readonly<Record<string, string>>[]>
  readonly exemplars: (expr: string, span: Span) => Promise<readonly ExemplarSeries[]>
}

export interface PrometheusOptions {
  readonly tools: Tools
  readonly configPath: string
  /** Blocks to look at; they stay when the server stops. Default: an empty folder that goes with it. */
  readonly dataDir?: string
  readonly flags?: readonly string[]
}

/** Starts it and waits until it is ready. Rejects with its output when it does not become so. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = freshServerFolder()
  const port = await freePort()
  const server = await startServer({
    program: options.tools.prometheus,
    folder,
    port,
    flags: [
      `--config.file=${options.configPath}`,
      `--storage.tsdb.path=${options.dataDir ?? join(folder, 'data')}`,
      // History is of a fixed day, however long ago that is by now.
      '--storage.tsdb.retention.time=90y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--rules.alert.resend-delay=1s',
      '--log.level=warn',
      ...(options.flags ?? []),
    ],
  })
  return { ...server, ...prometheusApi(server) }
}

/** What Prometheus 3 only mentions, and what is always a mistake. */
const NOT_A_COUNTER = 'might not be a counter'

/** The questions of Prometheus' HTTP API, which other servers answer too. */
export function prometheusApi({ get }: Pick<Server, 'get'>): Omit<Prometheus, keyof Server> {
  async function ask<T>(
    path: string,
    parameters: Readonly<Record<string, string | number | readonly string[]>>,
  ): Promise<T> {
    const answer = parseAnswer<T>(await get(`/api/v1/${path}`, parameters))
    if (answer.status !== 'success' || answer.data === undefined) {
      throw new Error(answer.error ?? 'no data')
    }
    const doubts = [...(answer.warnings ?? []), ...(answer.infos ?? []).filter((info) => info.includes(NOT_A_COUNTER))]
    if (doubts.length > 0) {
      throw new Error(doubts.join('; '))
    }
    return answer.data
  }
  return {
    async query(expr, at) {
      const data = await ask<QueryData>('query', { query: expr, ...(at !== undefined && { time: at }) })
      return data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result
    },
    range: async (expr, { start, end, step }) =>
      (await ask<{ result: Series[] }>('query_range', { query: expr, start, end, step })).result,
    labelValues: (label, match, span) => ask(`label/${label}/values`, { 'match[]': match, ...span }),
    series: (match, span) => ask('series', { 'match[]': match, ...span }),
    exemplars: (expr, span) => ask('query_exemplars', { query: expr, ...span }),
  }
}

type QueryData =
  | { readonly resultType: 'vector'; readonly result: readonly InstantSample[] }
  | { readonly resultType: 'scalar'; readonly result: readonly [number, string] }

interface Answer<T> {
  readonly status: string
  readonly data?: T
  readonly error?: string
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}

function parseAnswer<T>(value: unknown): Answer<T> {
  return value as Answer<T>
}

export interface AlertmanagerOptions {
  readonly tools: Tools
  readonly configPath: string
  readonly flags?: readonly string[]
}

/** Starts it without a cluster and waits until it is ready. Rejects with its output when it does not become so. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Server> {
  const folder = freshServerFolder()
  const port = await freePort()
  return startServer({
    program: options.tools.alertmanager,
    folder,
    port,
    flags: [
      `--config.file=${options.configPath}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      ...(options.flags ?? []),
    ],
  })
}
