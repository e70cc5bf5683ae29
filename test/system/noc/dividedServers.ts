// What watches an exporter: Prometheus and Alertmanager with the shipped files, every span of time divided, and a webhook at the end.
//
// Each listens on a port of its own on loopback; `stop` ends all of them and removes the folder. Knows nothing of the exporter but
// its address.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dividedAlertmanager, dividedPrometheus, dividedRules } from './compressedTime.ts'
import { type Prometheus, type Server, startAlertmanager, startPrometheus, type Tools } from './servers.ts'
import { type Sink, startSink } from './webhook.ts'

export interface DividedServers {
  readonly prometheus: Prometheus
  readonly alertmanager: Server
  readonly sink: Sink
  readonly stop: () => Promise<void>
}

export interface DividedOptions {
  readonly tools: Tools
  readonly divideBy: number
  /** Host and port to scrape. */
  readonly exporter: string
}

/** Resolves when both servers are ready; what had started is stopped if one does not become so. */
export async function startDividedServers({ tools, divideBy, exporter }: DividedOptions): Promise<DividedServers> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-divided-'))
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const one of undo.toReversed()) {
      await one()
    }
  }
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    const sink = await startSink()
    undo.push(sink.close)
    const alertmanager = await startAlertmanager({
      tools,
      configPath: write('alertmanager.yml', dividedAlertmanager(divideBy, sink.url)),
    })
    undo.push(alertmanager.stop)
    const rules = ['recording.yml', 'alerts.yml'].map((name) =>
      write(name, dividedRules(join('rules', name), divideBy)),
    )
    const addresses = { exporter, alertmanager: new URL(alertmanager.url).host }
    const prometheus = await startPrometheus({
      tools,
      configPath: write('prometheus.yml', dividedPrometheus(rules, addresses)),
    })
    undo.push(prometheus.stop)
    return { prometheus, alertmanager, sink, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
