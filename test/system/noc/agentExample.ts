// prometheus/agent.example.yml for a test: its own addresses and times in place of the shipped ones, all else as shipped.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { DIVIDED_SCRAPE_MS } from './compressedTime.ts'
import { durationText } from './durations.ts'

const PATH = join(import.meta.dirname, '../../../prometheus/agent.example.yml')

const FILE = z.looseObject({
  global: z.looseObject({ scrape_interval: z.string(), external_labels: z.strictObject({ cluster: z.string() }) }),
  scrape_configs: z.array(
    z.looseObject({ job_name: z.string(), static_configs: z.array(z.looseObject({ targets: z.array(z.string()) })) }),
  ),
  remote_write: z.tuple([z.looseObject({ url: z.string(), queue_config: z.looseObject({}) })]),
})

export interface Site {
  readonly cluster: string
  /** Host and port to scrape. */
  readonly exporter: string
  /** Where to send to, each as the shipped file sends to one. */
  readonly centres: readonly string[]
}

/** The file as text. `instance` stays as it is shipped, and is the same at each site. */
export function agentConfig({ cluster, exporter, centres }: Site): string {
  const shipped = FILE.parse(parse(readFileSync(PATH, 'utf8')))
  const [central] = shipped.remote_write
  return stringify({
    ...shipped,
    global: { ...shipped.global, scrape_interval: durationText(DIVIDED_SCRAPE_MS), external_labels: { cluster } },
    scrape_configs: shipped.scrape_configs.map((config) => ({
      ...config,
      static_configs: config.static_configs.map((one) => {
        const [instance] = one.targets
        return instance === undefined ? one : { ...one, targets: [exporter], labels: { instance } }
      }),
    })),
    remote_write: centres.map((url) => ({
      ...central,
      url: `${url}${new URL(central.url).pathname}`,
      queue_config: { ...central.queue_config, batch_send_deadline: '200ms', max_backoff: '1s' },
    })),
  })
}

/** The shipped file with its comments of accounts and certificates taken as settings, and `secret` in place of each file. */
export function agentConfigWithAccount(secret: string): string {
  return readFileSync(PATH, 'utf8')
    .replaceAll(/^( {4})# ((?:basic_auth|tls_config):|(?: {2}\w+:.*))$/gm, '$1$2')
    .replaceAll(/_file: .*/g, `_file: ${secret}`)
}
