// Toll calls as the exporter would have exported them, in OpenMetrics for promtool's back-fill: one sample a minute.
//
// The sums are those of src/fraud/, which gets the calls as facts. A value that stays is written every half hour, which needs a
// Prometheus that looks back so far; a counter, each minute for as long as a window contains a change.

import type { CallFact } from '../../../src/call/fact.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { TOLL_WINDOW_MS } from '../../../src/fraud/attempts.ts'
import { createTollWatch } from '../../../src/fraud/tollWatch.ts'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { callRecord, legRecord } from '../../unit/metrics/records.ts'
import type { TollCall } from './tollYear.ts'

/** How far Prometheus must look back. */
export const STAYS_MINUTES = 30

export interface OfficeCalls {
  readonly instance: string
  readonly calls: readonly TollCall[]
}

export interface TollSpan {
  /** The epoch second of the first minute. */
  readonly startAt: number
  readonly minutes: number
}

interface Minutes {
  readonly attempts: Float64Array
  readonly active: Float64Array
  readonly sequential: Float64Array
  readonly premiumSeconds: Float64Array
  /** Country, and the second of its first call. */
  readonly countries: ReadonlyMap<string, number>
}

/** The text in pieces, in order. */
export function* tollSeries(offices: readonly OfficeCalls[], span: TollSpan): Generator<string> {
  const all = offices.map(({ instance, calls }) => ({ instance, ...minutesOf(calls, span) }))
  const labels = (instance: string) => `job="asterisk",instance="${instance}"`
  const gauge = (name: string, more: string, values: (office: Minutes) => Float64Array) => [
    `# TYPE ${name} gauge\n`,
    ...all.map((office) => samples(`${name}{${labels(office.instance)}${more}}`, values(office), span, 0)),
  ]
  yield `# TYPE ${CATALOGUE.tollAttempts.name.replace(/_total$/, '')} counter\n`
  for (const { instance, attempts } of all) {
    const window = TOLL_WINDOW_MS / 60_000 + 1
    yield samples(`${CATALOGUE.tollAttempts.name}{${labels(instance)},class="international"}`, attempts, span, window)
  }
  yield* gauge(CATALOGUE.tollPeakActive.name, '', ({ active }) => active)
  yield* gauge(CATALOGUE.tollPeakSequential.name, '', ({ sequential }) => sequential)
  yield* gauge(CATALOGUE.tollPeakTalk.name, ',class="premium"', ({ premiumSeconds }) => premiumSeconds)
  yield* gauge(CATALOGUE.tollCountriesSince.name, '', () => new Float64Array(span.minutes).fill(span.startAt))
  yield `# TYPE ${CATALOGUE.tollCountryFirstCall.name} gauge\n`
  for (const { instance, countries } of all) {
    for (const [country, at] of countries) {
      const values = new Float64Array(span.minutes).fill(span.startAt + at)
      const series = `${CATALOGUE.tollCountryFirstCall.name}{${labels(instance)},country="${country}"}`
      yield samples(series, values, span, 0, Math.ceil(at / 60))
    }
  }
  yield '# EOF\n'
}

function minutesOf(calls: readonly TollCall[], { minutes }: TollSpan): Minutes {
  const watch = createTollWatch({ roleOf: rolesByName([]) })
  const facts = calls.flatMap(factsOf).toSorted((one, other) => one.at - other.at)
  const columns = () => new Float64Array(minutes)
  const found = { attempts: columns(), active: columns(), sequential: columns(), premiumSeconds: columns() }
  const countries = new Map<string, number>()
  let next = 0
  let attempts = 0
  for (let minute = 0; minute < minutes; minute += 1) {
    const now = minute * 60_000
    for (let fact = facts[next]; fact !== undefined && fact.at <= now; fact = facts[next]) {
      for (const told of watch.apply(fact)) {
        if (told.type === 'TollCallTried') {
          attempts += 1
        } else {
          countries.set(told.country, told.at / 1_000)
        }
      }
      next += 1
    }
    const { active, sequential, talkMs } = watch.peaks(now)
    found.attempts[minute] = attempts
    found.active[minute] = active
    found.sequential[minute] = sequential
    found.premiumSeconds[minute] = Math.max(talkMs.premium, talkMs.satellite) / 1_000
  }
  return { ...found, countries }
}

function factsOf(call: TollCall, index: number): readonly CallFact[] {
  const [id, startedAt, endedAt] = [`call-${index}`, call.startAt * 1_000, call.endAt * 1_000]
  const answeredAt = call.answerAt === null ? null : call.answerAt * 1_000
  const record = callRecord({ channelId: id, callerEndpoint: call.phone, startedAt, answeredAt: null, endedAt: null })
  const open = { id, callId: id, endpoint: 'trunk-a', endpointRole: 'trunk', dialed: call.number, startedAt } as const
  const destination = { class: call.class, country: call.country }
  const leg = legRecord({ ...open, destination, answeredAt: null, endedAt: null })
  const answered = { ...leg, answeredAt }
  return [
    { type: 'CallStarted', at: startedAt, call: record },
    { type: 'NumberDialed', at: startedAt, leg },
    ...(answeredAt === null ? [] : [{ type: 'LegChanged', at: answeredAt, leg: answered } as const]),
    { type: 'LegEnded', at: endedAt, leg: { ...answered, endedAt } },
    { type: 'CallEnded', at: endedAt, call: { ...record, answeredAt, endedAt } },
  ]
}

/** `around`: for so many minutes before and after a change, each minute is written. */
function samples(
  series: string,
  values: Float64Array,
  { startAt, minutes }: TollSpan,
  around: number,
  from = 0,
): string {
  const parts: string[] = []
  let changedAt = Number.NEGATIVE_INFINITY
  let changesAt = from
  for (let minute = from; minute < minutes; minute += 1) {
    changesAt = Math.max(changesAt, minute + 1)
    while (changesAt < minutes && changesAt <= minute + around && values[changesAt] === values[changesAt - 1]) {
      changesAt += 1
    }
    const isChange = minute === from || values[minute] !== values[minute - 1]
    changedAt = isChange ? minute : changedAt
    const isNear = minute - changedAt < around || (changesAt < minutes && changesAt - minute <= around)
    if (isChange || isNear || minute % STAYS_MINUTES === 0) {
      parts.push(`${series} ${values[minute]} ${startAt + minute * 60}\n`)
    }
  }
  return parts.join('')
}
