// Counts what was executed on which version, over all test files of a run: they are processes of their own.
//
// One line of JSON for each count, in a file that the run's folder has.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

interface Count {
  readonly what: string
  readonly on: string
  readonly count: number
}

const fileIn = (folder: string): string => join(folder, 'tally.ndjson')

/** Notes that so many of something were executed: `tally('alerts', 'Prometheus 3.5.3', 21)`. */
export function tally(what: string, on: string, count: number): void {
  const entry: Count = { what, on, count }
  appendFileSync(fileIn(inject('nocFolder')), `${JSON.stringify(entry)}\n`)
}

/** A line for each kind of thing: `21 alerts on Prometheus 2.42.0, 21 on Prometheus 3.5.3`. */
export function summary(folder: string): string {
  const lines = existsSync(fileIn(folder)) ? readFileSync(fileIn(folder), 'utf8').trim().split('\n') : []
  const counts = lines.map((line): Count => JSON.parse(line))
  return [...new Set(counts.map(({ what }) => what))]
    .map((what) => {
      const mine = counts.filter((one) => one.what === what)
      const versions = [...new Set(mine.map(({ on }) => on))]
      const parts = versions.map((on) => {
        const count = mine.reduce((sum, one) => sum + (one.on === on ? one.count : 0), 0)
        return `${count} on ${on}`
      })
      return `  ${what}: ${parts.join(', ')}\n`
    })
    .join('')
}
