// Two sites and central servers of each kind and version, with the shipped files: at each site a simulated PBX, the program and a
// Prometheus as agent; at the centre Prometheus, VictoriaMetrics with vmalert, and one Alertmanager for all of them.
//
// The older Prometheus is the agent of one site, the newer of the other. Spans of time are divided. `stop` ends all of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type Stage, startStage } from '../browser/pageUnderTest.ts'
import { freePort } from '../program/program.ts'
import { agentConfig, type Site } from './agentExample.ts'
import { dividedAlertmanager, dividedPrometheus, dividedRules } from './compressedTime.ts'
import { freshServerFolder, type Server, startServer } from './serverProcess.ts'
import { type Prometheus, startAlertmanager, startPrometheus, type Tools } from './servers.ts'
import { startVictoria, startVmalert, type VictoriaTools } from './victoriaMetrics.ts'
import { type Sink, startSink } from './webhook.ts'

export const CLUSTERS = ['north', 'south'] as const
export type Cluster = (typeof CLUSTERS)[number]

/** A central server. */
export interface Centre {
  readonly name: string
  readonly server: Prometheus
  /** What says which alerts fire: itself, or its vmalert. */
  readonly rules: Pick<Server, 'get'>
  /** Null for Prometheus. */
  readonly victoria: VictoriaTools | null
  /** Ends the server, and starts it again with what it has kept and at the same address. */
  readonly away: (meanwhile: () => Promise<unknown>) => Promise<Centre>
}

export interface ManySites {
  readonly sites: ReadonlyMap<Cluster, Stage>
  readonly centres: readonly Centre[]
  readonly alertmanager: Server
  readonly sink: Sink
  readonly stop: () => Promise<void>
}

export interface ManySitesOptions {
  readonly prometheus: readonly [Tools, ...(readonly Tools[])]
  readonly victoria: readonly VictoriaTools[]
  readonly divideBy: number
}

export async function startManySites({ prometheus, victoria, divideBy }: ManySitesOptions): Promise<ManySites> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-sites-'))
  const undo: (() => unknown)[] = []
  // All at once: each server takes seconds to end.
  const stop = async () => {
    await Promise.all(undo.map((one) => one()))
    rmSync(folder, { recursive: true, force: true })
  }
  const newest = prometheus.at(-1) ?? prometheus[0]
  const startCentres = async () => {
    const sink = await startSink()
    undo.push(sink.close)
    const configPath = write(folder, 'alertmanager.yml', dividedAlertmanager(divideBy, sink.url))
    const alertmanager = await startAlertmanager({ tools: newest, configPath })
    undo.push(alertmanager.stop)
    const plan: Plan = { folder, divideBy, alertmanager: alertmanager.url, undo }
    const centres = await allOf([
      ...prometheus.map((tools) => prometheusCentre(tools, plan)),
      ...victoria.map((tools) => victoriaCentre(tools, plan)),
    ])
    return { sink, alertmanager, centres }
  }
  const startSites = () =>
    allOf(
      CLUSTERS.map(async (cluster) => {
        const stage = await startStage()
        undo.push(stage.stop)
        return [cluster, stage] as const
      }),
    )
  try {
    const [{ sink, alertmanager, centres }, stages] = await allOf([startCentres(), startSites()] as const)
    await allOf(
      stages.map(async ([cluster, { url }], index) => {
        const agent = await startAgent(prometheus[index] ?? newest, {
          cluster,
          exporter: new URL(url).host,
          centres: centres.map(({ server }) => server.url),
        })
        undo.push(agent.stop)
      }),
    )
    return { sites: new Map(stages), centres, alertmanager, sink, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The results, or the first error once each of them has ended: what starts meanwhile must be stopped too. */
async function allOf<const Started extends readonly Promise<unknown>[]>(started: Started) {
  await Promise.allSettled(started)
  return Promise.all(started)
}

/** A Prometheus in agent mode with the shipped file. */
export async function startAgent({ prometheus, prometheusVersion }: Tools, site: Site): Promise<Server> {
  const folder = freshServerFolder()
  const port = await freePort()
  return startServer({
    program: prometheus,
    folder,
    port,
    flags: [
      prometheusVersion.startsWith('2.') ? '--enable-feature=agent' : '--agent',
      `--config.file=${write(folder, 'agent.yml', agentConfig(site))}`,
      `--storage.agent.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
  })
}

/** The same by vmagent. */
export async function startVmagent(tools: VictoriaTools, site: Site): Promise<Server> {
  const folder = freshServerFolder()
  const port = await freePort()
  return startServer({
    program: tools.vmagent,
    folder,
    port,
    readyPath: '/health',
    flags: [
      `-promscrape.config=${write(folder, 'agent.yml', agentConfig(site))}`,
      '-promscrape.config.strictParse=false',
      ...site.centres.map((url) => `-remoteWrite.url=${url}/api/v1/write`),
      `-remoteWrite.tmpDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-loggerLevel=WARN',
    ],
  })
}

interface Plan {
  readonly folder: string
  readonly divideBy: number
  readonly alertmanager: string
  readonly undo: (() => unknown)[]
}

/** Only receives: it evaluates the rules over what agents send. */
async function prometheusCentre(tools: Tools, { folder, divideBy, alertmanager, undo }: Plan): Promise<Centre> {
  const rules = ['recording.yml', 'alerts.yml'].map((name) =>
    write(folder, name, dividedRules(join('rules', name), divideBy)),
  )
  const config = parse(dividedPrometheus(rules, { exporter: '127.0.0.1:1', alertmanager: new URL(alertmanager).host }))
  const server = await startPrometheus({
    tools,
    configPath: write(
      folder,
      `prometheus-${tools.prometheusVersion}.yml`,
      stringify({ ...config, scrape_configs: [] }),
    ),
    flags: ['--web.enable-remote-write-receiver'],
  })
  undo.push(server.stop)
  const away = () => Promise.reject(new Error('only VictoriaMetrics goes away here'))
  return { name: `Prometheus ${tools.prometheusVersion}`, server, rules: server, victoria: null, away }
}

async function victoriaCentre(tools: VictoriaTools, { folder, divideBy, alertmanager, undo }: Plan): Promise<Centre> {
  const [port, vmalertPort] = [await freePort(), await freePort()]
  const name = `VictoriaMetrics ${tools.version}`
  const options = { tools, port, vmalert: `http://127.0.0.1:${vmalertPort}`, dataDir: join(folder, name) }
  let server = await startVictoria(options)
  undo.push(() => server.stop())
  const rules = await startVmalert({
    tools,
    port: vmalertPort,
    rules: ['recording.yml', 'alerts.yml'].map((file) => {
      const text = dividedRules(join('rules', file), divideBy)
      return write(folder, `${tools.version}-${file}`, tools.isLater ? text : withoutKeepFiring(text))
    }),
    // vmalert asks as of whole seconds.
    evaluationInterval: '1s',
    victoria: server.url,
    alertmanager,
  })
  undo.push(rules.stop)
  const centre = (): Centre => ({ name, server, rules, victoria: tools, away })
  const away = async (meanwhile: () => Promise<unknown>) => {
    await server.stop()
    await meanwhile()
    server = await startVictoria(options)
    return centre()
  }
  return centre()
}

/** What vmalert 1.79 can read. */
function withoutKeepFiring(rules: string): string {
  return rules.replaceAll(/^ *keep_firing_for: .*\n/gm, '')
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
