// The program in fleet mode: creates its parts, starts them, and stops them in reverse.
//
// It reads the central call log and the live feeds of the exporters, and writes neither.

import { randomUUID } from 'node:crypto'
import { fleetApi } from '../http/api/fleetRouter.ts'
import { createChangeRing } from '../http/live/changeRing.ts'
import type { FleetChange } from '../http/live/fleetMessage.ts'
import { startHttp } from '../http/server.ts'
import type { Logger } from '../log.ts'
import { createFleetMetrics } from '../metrics/fleetMetrics.ts'
import { now } from '../time/clock.ts'
import type { CentralLog } from './centralLog.ts'
import { watchCentral } from './centralWatch.ts'
import { createFleetFeed } from './fleetFeed.ts'
import type { FleetOptions } from './fleetOptions.ts'
import { createNodes, type NodesTiming } from './nodes.ts'
import { timedQueries } from './timedQueries.ts'

export interface FleetDependencies {
  readonly log: Logger
  /** Name and version of this program. */
  readonly build: {
    readonly name: string
    readonly version: string
    readonly revision: string
    readonly nodeVersion: string
  }
  readonly central: CentralLog
  /** The certificates that Node trusts, in PEM format. */
  readonly trusted: () => readonly string[]
  /** Log lines dropped so far. */
  readonly linesDropped?: () => number
  /** What differs from the defaults. */
  readonly timing?: Partial<NodesTiming>
}

export interface Fleet {
  readonly port: number
  readonly tls: boolean
  stop(): Promise<void>
}

/** Changes kept for pages that reconnect: a few MB. */
const CHANGES_KEPT = 5_000

const CHECK_EVERY_MS = 10_000

const KEEP_PARTITIONS_EVERY_MS = 3_600_000

/** Rejects with `HttpListenError`, whose message can be shown to the operator unchanged. */
export async function startFleet(options: FleetOptions, deps: FleetDependencies): Promise<Fleet> {
  const { log, build, central, trusted, linesDropped = () => 0 } = deps
  log.info({ version: build.version, node: build.nodeVersion }, `${build.name} is starting as a fleet`)
  const { nodes: urls, token, ca } = options.fleet
  const epoch = randomUUID()
  const ring = createChangeRing<FleetChange>({ epoch, kept: CHANGES_KEPT })
  const nodes = createNodes(
    { urls, token, ca: ca === null ? null : [...trusted(), ca], ...(deps.timing && { timing: deps.timing }) },
    { publish: ring.append, log, now, random: Math.random },
  )
  const watch = watchCentral({
    ...{ check: central.check, keepPartitions: central.keepPartitions, log },
    ...{ everyMs: CHECK_EVERY_MS, keepEveryMs: KEEP_PARTITIONS_EVERY_MS },
  })
  const metrics = createFleetMetrics(build, {
    ...{ nodeStates: nodes.states, callsActive: nodes.callsActive, linesDropped },
    isCentralUp: () => watch.status().inSync,
    partitionDaysAhead: watch.partitionDaysAhead,
  })
  const http = await startHttp(
    { ...options.http, web: options.web, name: build.name, version: build.version },
    {
      metrics: metrics.expose,
      status: watch.status,
      live: createFleetFeed({ epoch, startedAt: now() }, { ring, nodes, now }),
      log,
      api: fleetApi({
        queries: timedQueries(central.queries, metrics.query),
        ...{ nodes: nodes.list, live: nodes.calls, liveCount: nodes.callsActive, links: options.links, now },
      }),
      loginFailed: metrics.loginFailure,
    },
  ).catch(async (error: unknown) => {
    watch.stop()
    await central.close()
    throw error
  })
  log.info({ host: options.http.host, port: http.port, ...http.security }, 'serving /metrics and the page')
  log.info({ nodes: urls.length }, 'connecting to the nodes')
  nodes.start()

  return {
    port: http.port,
    tls: http.security.tls,
    async stop() {
      nodes.stop()
      watch.stop()
      await Promise.all([http.stop(), central.close()])
    },
  }
}
