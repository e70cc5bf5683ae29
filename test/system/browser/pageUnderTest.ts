// Starts the exporter with a simulated PBX, and a TCP proxy between browser and exporter whose connections a test can cut.

import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startExporter } from '../../../src/app/exporter.ts'
import { readOptions } from '../../../src/app/exporterOptions.ts'
import type { WebConfig } from '../../../src/http/webconfig/webConfig.ts'
import { type Pbx, type PbxOptions, startPbx } from '../../../src/pbx-sim/pbx.ts'

export interface Stage {
  /** The address of the page, through the proxy. */
  readonly url: string
  readonly pbx: Pbx
  /** Closes every connection through the proxy and accepts none until `mend`. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

export interface StageOptions {
  readonly web?: WebConfig
  readonly maskNumbers?: boolean
  /** Calls that the PBX makes by itself; default: none. */
  readonly calls?: Pick<PbxOptions, 'seed' | 'callsPerSecond' | 'callBacks' | 'agentsPause' | 'speed'>
  /** What the page shows as its version. */
  readonly version?: string
  /** The content of the files that settings name; default: nothing. */
  readonly files?: (path: string) => string
  /** Further settings, such as SIP_TRACE_URL. */
  readonly settings?: Readonly<Record<string, string>>
}

const ARI = { user: 'browser-test', password: 'browser-test' }

/** Resolves once the exporter is in sync with the PBX. */
export async function startStage({
  web,
  maskNumbers = false,
  settings = {},
  files = () => '',
  calls,
  version = '1.2.3',
}: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'asterisk-ari-exporter-browser-'))
  const pbx = await startPbx({ ...ARI, recordings: true, ...calls })
  const environment = {
    ARI_URL: pbx.url,
    ARI_USER: ARI.user,
    ARI_PASSWORD: ARI.password,
    DB_PATH: join(folder, 'calls.db'),
    MASK_NUMBERS: String(maskNumbers),
    ...settings,
  }
  const result = readOptions(environment, files)
  if (!result.ok) {
    throw new Error(result.problems.join('; '))
  }
  const { options } = result
  const exporter = await startExporter(
    { ...options, http: { ...options.http, port: 0 }, ...(web !== undefined && { web }) },
    {
      log: pino({ level: 'silent' }),
      build: { name: 'asterisk-ari-exporter', version, revision: 'test', nodeVersion: process.version },
    },
  )
  const wire = await startWire(exporter.port)
  const url = `http://127.0.0.1:${wire.port}/`
  while (!(await fetch(`${url}-/ready`)).ok) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    url,
    pbx,
    cut: wire.cut,
    mend: wire.mend,
    async stop() {
      wire.stop()
      await exporter.stop()
      await pbx.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A TCP proxy to a port of this machine, whose connections can be cut. */
export async function startWire(to: number) {
  const open = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    whole = false
    for (const socket of open) {
      socket.destroy()
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend() {
      whole = true
    },
    stop() {
      cut()
      server.close()
    },
  }
}
