// Missed callers as the exporter would have exported them, in OpenMetrics for promtool's back-fill: one sample a minute.
//
// A value that stays is written every fourth minute, within what Prometheus looks back. Of the histogram, only the bounds that the
// rules and boards read are written.

import { CALLED_BACK_WITHIN } from '../../../grafana/thresholds.ts'
import { MISSED_CALLER_OUTCOMES, type MissedCallerOutcome } from '../../../src/callback/missedCaller.ts'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Life } from './callbackWeek.ts'

export interface OfficeCallers {
  readonly instance: string
  readonly lives: readonly Life[]
}

export interface CallbackSpan {
  /** The epoch second of the first minute. */
  readonly startAt: number
  readonly minutes: number
}

const BOUNDS = [...Object.values(CALLED_BACK_WITHIN), Infinity]

/** The text in pieces, in order. */
export function* callbackSeries(offices: readonly OfficeCallers[], span: CallbackSpan): Generator<string> {
  const { missedCallersWaiting, missedCallersOldestUntriedWait, missedCallers, missedCallerWait } = CATALOGUE
  const each = (name: string, labels: string, valuesOf: (lives: readonly Life[]) => Float64Array) =>
    offices.map(({ instance, lives }) =>
      samples(`${name}{job="asterisk",instance="${instance}",${labels}}`, valuesOf(lives), span),
    )
  yield `# TYPE ${missedCallersWaiting.name} gauge\n`
  yield* each(missedCallersWaiting.name, 'queue=""', (lives) => waiting(lives, span))
  yield `# TYPE ${missedCallersOldestUntriedWait.name} gauge\n`
  yield* each(missedCallersOldestUntriedWait.name, 'queue=""', (lives) => oldestUntriedWait(lives, span))
  yield `# TYPE ${missedCallers.name.replace(/_total$/, '')} counter\n`
  for (const outcome of MISSED_CALLER_OUTCOMES) {
    yield* each(missedCallers.name, `outcome="${outcome}"`, (lives) => closed(lives, span, { outcome }))
  }
  yield `# TYPE ${missedCallerWait.name} histogram\n`
  for (const outcome of MISSED_CALLER_OUTCOMES) {
    for (const bound of BOUNDS) {
      const le = bound === Infinity ? '+Inf' : String(bound)
      yield* each(`${missedCallerWait.name}_bucket`, `outcome="${outcome}",le="${le}"`, (lives) =>
        closed(lives, span, { outcome, within: bound / 60 }),
      )
    }
  }
  yield '# EOF\n'
}

function waiting(lives: readonly Life[], { minutes }: CallbackSpan): Float64Array {
  const steps = new Float64Array(minutes + 1)
  for (const { openedAt, closed: end } of lives) {
    steps[openedAt] = (steps[openedAt] ?? 0) + 1
    const until = end?.at ?? minutes
    steps[until] = (steps[until] ?? 0) - 1
  }
  return summed(steps)
}

function oldestUntriedWait(lives: readonly Life[], { minutes }: CallbackSpan): Float64Array {
  const oldest = new Float64Array(minutes)
  for (const { from, to } of lives.flatMap(({ untried }) => untried)) {
    for (let minute = from; minute < Math.min(to, minutes); minute += 1) {
      oldest[minute] = Math.max(oldest[minute] ?? 0, (minute - from) * 60)
    }
  }
  return oldest
}

interface Counted {
  readonly outcome: MissedCallerOutcome
  /** Only waits of so many minutes at most. */
  readonly within?: number
}

function closed(
  lives: readonly Life[],
  { minutes }: CallbackSpan,
  { outcome, within = Infinity }: Counted,
): Float64Array {
  const steps = new Float64Array(minutes)
  for (const { openedAt, closed: end } of lives) {
    if (end?.outcome === outcome && end.at - openedAt <= within) {
      steps[end.at] = (steps[end.at] ?? 0) + 1
    }
  }
  return summed(steps)
}

function summed(steps: Float64Array): Float64Array {
  let sum = 0
  return steps.map((step) => {
    sum += step
    return sum
  })
}

function samples(series: string, values: Float64Array, { startAt, minutes }: CallbackSpan): string {
  let text = ''
  for (let minute = 0; minute < minutes; minute += 1) {
    if (minute % 4 === 0 || values[minute] !== values[minute - 1]) {
      text += `${series} ${values[minute]} ${startAt + minute * 60}\n`
    }
  }
  return text
}
