// Real VictoriaMetrics servers for the tests: the programs that `.ci/noc-tools` unpacked, started with the flags of
// prometheus/victoriametrics.example.yml.
//
// Only addresses and paths of the flags are replaced, and each of them has to be: one that is not known here is an error.

import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parse } from 'yaml'
import { z } from 'zod'
import { freePort } from '../program/program.ts'
import type { Made } from './backfill.ts'
import { freshServerFolder, type Server, startServer } from './serverProcess.ts'
import { NEWER_TOOLS, type Prometheus, prometheusApi } from './servers.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')

export interface VictoriaTools {
  readonly victoriaMetrics: string
  readonly vmagent: string
  readonly vmalert: string
  /** Such as `1.79.5`, from the package: the programs print none. */
  readonly version: string
  /** Newer than 1.79: it knows `keep_firing_for` in rules, and evaluates them late unless told otherwise. */
  readonly isLater: boolean
}

/** Oldest first. Throws when there are none at all. */
export function findVictoriaTools(): readonly VictoriaTools[] {
  const found = ['bookworm', 'sid'].flatMap((suite): readonly VictoriaTools[] => {
    const program = (name: string) => join(NEWER_TOOLS, 'victoria-metrics', suite, name)
    if (!existsSync(program('version'))) {
      return []
    }
    const version = readFileSync(program('version'), 'utf8').trim()
    return [
      {
        victoriaMetrics: program('victoria-metrics'),
        vmagent: program('vmagent'),
        vmalert: program('vmalert'),
        version,
        isLater: !version.startsWith('1.79.'),
      },
    ]
  })
  if (found.length === 0) {
    throw new Error('no VictoriaMetrics is here: .ci/noc-tools fetches it')
  }
  return found
}

/** What is not run because a version is missing; null when both are there. */
export function missingVictoria(tools: readonly VictoriaTools[]): string | null {
  const [first] = tools
  return tools.length > 1 || first === undefined
    ? null
    : `ONLY HALF WAS RUN: VictoriaMetrics ${first.version}; no other is here (.ci/noc-tools fetches both)`
}

/** It answers Prometheus' questions. */
export interface Victoria extends Prometheus {
  /** Adds samples in OpenMetrics from a file. */
  readonly importText: (path: string) => Promise<void>
  readonly importSeries: (made: readonly Made[]) => Promise<void>
}

export interface VictoriaOptions {
  readonly tools: VictoriaTools
  /** Default: an empty folder that goes with the server. */
  readonly dataDir?: string
  /** Default: a free one. */
  readonly port?: number
  /** Besides the shipped ones. */
  readonly flags?: readonly string[]
  /** Where vmalert answers. */
  readonly vmalert?: string
}

export async function startVictoria({ tools, dataDir, port, flags = [], vmalert }: VictoriaOptions): Promise<Victoria> {
  const folder = freshServerFolder()
  const ownPort = port ?? (await freePort())
  const server = await startServer({
    program: tools.victoriaMetrics,
    folder,
    port: ownPort,
    flags: [
      ...shippedFlags('victoriametrics', {
        httpListenAddr: `127.0.0.1:${ownPort}`,
        storageDataPath: dataDir ?? join(folder, 'data'),
        relabelConfig: join(SHIPPED, 'victoriametrics.example.relabel.yml'),
        'vmalert.proxyURL': vmalert ?? 'http://127.0.0.1:1',
      }),
      '-loggerLevel=WARN',
      '-memory.allowedPercent=10',
      ...flags,
    ],
  })
  const post = async (path: string, body: ReadableStream | string): Promise<void> => {
    const answer = await fetch(server.url + path, { method: 'POST', body, duplex: 'half' })
    if (!answer.ok) {
      throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`)
    }
  }
  // What is imported is found only after the buffers have been written.
  const flush = async (): Promise<void> => {
    await (await fetch(`${server.url}/internal/force_flush`)).arrayBuffer()
  }
  return {
    ...server,
    ...prometheusApi(server),
    async importText(path) {
      await post('/api/v1/import/prometheus', Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })))
      await flush()
    },
    async importSeries(made) {
      await post('/api/v1/import', made.map(seriesLine).join('\n'))
      await flush()
    },
  }
}

function seriesLine({ name, labels, values }: Made): string {
  return JSON.stringify({
    metric: { ...labels, __name__: name },
    values: values.map(([, value]) => Number(value)),
    timestamps: values.map(([at]) => Math.round(at * 1000)),
  })
}

export interface VmalertOptions {
  readonly tools: VictoriaTools
  readonly port: number
  /** Files or patterns. */
  readonly rules: readonly string[]
  readonly evaluationInterval: string
  readonly victoria: string
  readonly alertmanager: string
}

/** Resolves when it has read the rules; rejects with what it printed when it refuses them. */
export function startVmalert(options: VmalertOptions): Promise<Server> {
  const { tools, port, rules, evaluationInterval, victoria, alertmanager } = options
  const folder = freshServerFolder()
  return startServer({
    program: tools.vmalert,
    folder,
    port,
    readyPath: '/health',
    flags: [
      ...shippedFlags('vmalert', {
        httpListenAddr: `127.0.0.1:${port}`,
        rule: rules,
        'datasource.url': victoria,
        'remoteWrite.url': victoria,
        'remoteRead.url': victoria,
        'notifier.config': notifierConfig(folder, alertmanager),
        evaluationInterval,
      }),
      ...(tools.isLater ? [LATER_VMALERT_FLAG] : []),
      '-loggerLevel=WARN',
      '-remoteWrite.flushInterval=200ms',
    ],
  })
}

function notifierConfig(folder: string, alertmanager: string): string {
  const shipped = readFileSync(join(SHIPPED, 'victoriametrics.example.notifier.yml'), 'utf8')
  const path = join(folder, 'notifier.yml')
  writeFileSync(path, shipped.replace('alertmanager:9093', new URL(alertmanager).host))
  return path
}

/** In a comment of the shipped file, because 1.79 refuses it. */
export const LATER_VMALERT_FLAG = '-rule.evalDelay=0s'

const COMPOSE = z.object({ services: z.record(z.string(), z.object({ command: z.array(z.string()) })) })

/** The flags of a service of the shipped file, with those values replaced. Throws where an address or a path is left. */
function shippedFlags(
  service: 'victoriametrics' | 'vmalert',
  replaced: Readonly<Record<string, string | readonly string[]>>,
): readonly string[] {
  const { services } = COMPOSE.parse(parse(readFileSync(join(SHIPPED, 'victoriametrics.example.yml'), 'utf8')))
  const flags = (services[service]?.command ?? []).map((flag) => {
    const [, name = '', value = ''] = /^-([\w.]+)(?:=(.*))?$/.exec(flag) ?? []
    return { flag, name, value }
  })
  const absent = Object.keys(replaced).filter((one) => !flags.some(({ name }) => name === one))
  if (absent.length > 0) {
    throw new Error(`victoriametrics.example.yml has no ${absent.join(', ')} of ${service}`)
  }
  return flags.flatMap(({ flag, name, value }) => {
    const own = replaced[name]
    if (own !== undefined) {
      return [own].flat().map((one) => `-${name}=${one}`)
    }
    if (/[/:]/.test(value) && name !== 'external.label') {
      throw new Error(`victoriametrics.example.yml has an address that this test does not know: ${flag}`)
    }
    return [flag]
  })
}
