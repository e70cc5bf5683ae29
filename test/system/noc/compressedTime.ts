// The shipped Prometheus and Alertmanager files with every span of time divided, so that half an hour takes seconds.
//
// Only times, addresses and paths change: expressions, labels, routes, inhibitions and thresholds stay as they are shipped, except for
// the seconds that a wait is compared with, which are a time too.
// Opening hours last all day, so that a test gives the same result at night. Reads files; never writes one.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { DURATION, durationMs, durationText } from './durations.ts'

const SHIPPED = join(import.meta.dirname, '../../../prometheus')

/** How often the divided world is scraped and its rules are evaluated. */
export const DIVIDED_SCRAPE_MS = 500

/** A range must hold a few scrapes, however short it was. */
const SHORTEST_RANGE_MS = 4 * DIVIDED_SCRAPE_MS

const NAMED = z.array(z.object({ name: z.string() }))

const ALL_DAY = { times: [{ start_time: '00:00', end_time: '24:00' }] }

/** A file below `prometheus/` with its durations divided by `by`, as text. */
export function dividedRules(path: string, by: number): string {
  return stringify(
    rewrite(parsed(path), {
      expr: ofText((expr) => dividedExpr(expr, by)),
      for: ofText((text) => dividedSpan(text, by)),
      keep_firing_for: ofText((text) => dividedSpan(text, by)),
      interval: () => durationText(DIVIDED_SCRAPE_MS),
    }),
  )
}

/** The seconds that a gauge of a wait is compared with, at the end; what comes before them is kept. */
const WAIT_THRESHOLD = /(_wait_seconds(?:\{[^}]*\})?\)*\s*[<>]=?\s*)(\d+(?:\.\d+)?)/g

/** An expression with its ranges, offsets, steps and waits divided; text in quotes or within a name stays. */
export function dividedExpr(expr: string, by: number): string {
  const compared = expr.replaceAll(
    WAIT_THRESHOLD,
    (_, before: string, seconds: string) => before + Number(seconds) / by,
  )
  const kept = `"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[a-zA-Z_][\\w:]*`
  const pattern = new RegExp(`${kept}|(\\[\\s*)?(${DURATION})`, 'g')
  return compared.replaceAll(pattern, (whole, bracket: string | undefined, span: string | undefined) => {
    if (span === undefined) {
      return whole
    }
    const ms = durationMs(span) / by
    return bracket === undefined ? durationText(ms) : bracket + durationText(Math.max(ms, SHORTEST_RANGE_MS))
  })
}

/** `prometheus.yml`: scraped often, with `rules` and the servers of the test in place of those that it names. */
export function dividedPrometheus(
  rules: readonly string[],
  servers: { readonly exporter: string; readonly alertmanager: string },
): string {
  const often = () => durationText(DIVIDED_SCRAPE_MS)
  const here: ReadonlyMap<string, readonly string[]> = new Map([
    ['exporter:9745', [servers.exporter]],
    ['alertmanager:9093', [servers.alertmanager]],
    // Prometheus gets its port when it starts, too late for its own configuration.
    ['localhost:9090', []],
  ])
  return stringify(
    rewrite(parsed('prometheus.yml'), {
      scrape_interval: often,
      evaluation_interval: often,
      rule_files: () => rules,
      targets: ofTexts((name) => known(here, name)),
      exporter: () => servers.exporter,
    }),
  )
}

/** `alertmanager.yml`: quick, open at all hours, and its webhooks lead to `sink`; their paths stay. */
export function dividedAlertmanager(by: number, sink: string): string {
  const divided = ofText((text) => dividedSpan(text, by))
  return stringify(
    rewrite(parsed('alertmanager.yml'), {
      group_wait: divided,
      group_interval: divided,
      repeat_interval: divided,
      url: ofText((url) => `${sink}${new URL(url).pathname}`),
      templates: ofTexts((path) => join(SHIPPED, path)),
      time_intervals: (named) => NAMED.parse(named).map(({ name }) => ({ name, time_intervals: [ALL_DAY] })),
    }),
  )
}

function parsed(path: string): unknown {
  return parse(readFileSync(join(SHIPPED, path), 'utf8'))
}

function dividedSpan(text: string, by: number): string {
  return durationText(durationMs(text) / by)
}

function known(here: ReadonlyMap<string, readonly string[]>, name: string): readonly string[] {
  const targets = here.get(name)
  if (targets === undefined) {
    throw new Error(`prometheus.yml names a target that this test does not know: ${name}`)
  }
  return targets
}

type Rewriters = Readonly<Record<string, (value: unknown) => unknown>>

/** A rewriter of what must be a text, or a list of texts. */
const ofText = (change: (text: string) => string) => (value: unknown) => change(z.string().parse(value))
const ofTexts = (change: (text: string) => string | readonly string[]) => (value: unknown) =>
  z.array(z.string()).parse(value).flatMap(change)

// Replaces the values under certain keys, however deep they are.
function rewrite(value: unknown, rewriters: Rewriters): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => rewrite(one, rewriters))
  }
  if (typeof value !== 'object' || value === null) {
    return value
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const rewriter = Object.hasOwn(rewriters, key) ? rewriters[key] : undefined
      return [key, rewriter === undefined ? rewrite(inner, rewriters) : rewriter(inner)]
    }),
  )
}
