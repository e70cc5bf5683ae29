// The stable metrics of each release, in releasedMetrics.json: what the metrics of a later version are compared with.
//
// Run by itself it adds a release, or writes it anew if it is there: node test/contract/releasedMetrics.ts 1.0.0
// Each is written as `name type {labels}`. A new major version begins with an empty file.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueEntries } from '../../src/metrics/catalogue/catalogue.ts'
import type { OwnMetric } from '../../src/metrics/catalogue/entry.ts'
import { FLEET_CATALOGUE } from '../../src/metrics/catalogue/fleet.ts'

/** A version and its stable metrics. */
export interface Release {
  readonly version: string
  readonly metrics: readonly string[]
}

const FILE = join(import.meta.dirname, 'releasedMetrics.json')

/** Those of the exporter and of a fleet. */
export const METRICS: readonly OwnMetric[] = [...catalogueEntries().map(([, entry]) => entry), ...FLEET_CATALOGUE]

/** The releases, oldest first. */
export function releases(): readonly Release[] {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

/** Each stable metric once, in alphabetical order. */
export function stableMetrics(metrics: readonly OwnMetric[]): readonly string[] {
  const stable = metrics.filter(({ stability }) => stability === 'stable')
  const described = stable.map(({ name, type, labels }) => `${name} ${type} {${Object.keys(labels).sort().join(', ')}}`)
  return [...new Set(described)].sort()
}

/** What was released as stable and is gone now, is not stable, or has another type or other labels. */
export function brokenPromises(released: readonly Release[], now: readonly string[]): readonly string[] {
  return released.flatMap(({ version, metrics }) =>
    metrics.filter((metric) => !now.includes(metric)).map((metric) => `${metric}, stable since ${version}`),
  )
}

if (import.meta.main) {
  const [version] = process.argv.slice(2)
  if (version === undefined || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new Error('give the version that is released: node test/contract/releasedMetrics.ts 1.0.0')
  }
  const others = releases().filter((release) => release.version !== version)
  const metrics = stableMetrics(METRICS)
  const broken = brokenPromises(others, metrics)
  if (broken.length > 0) {
    throw new Error(`a stable metric must not change before the next major version:\n${broken.join('\n')}`)
  }
  writeFileSync(FILE, `${JSON.stringify([...others, { version, metrics }], null, 2)}\n`)
}
