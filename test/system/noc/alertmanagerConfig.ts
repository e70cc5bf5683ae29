// prometheus/alertmanager.yml as far as the flap simulation needs it: who is notified of what, when, and what is inhibited.
//
// Pure. Understands the matchers, routes, inhibitions and time intervals that are shipped, and throws on anything that it
// does not understand, rather than count wrongly. A minute is counted from Monday 00:00 UTC.

import { z } from 'zod'
import { durationMs } from './durations.ts'

export type Labels = Readonly<Record<string, string>>

export type Matcher = (labels: Labels) => boolean

export interface Route {
  readonly receiver: string
  readonly groupBy: readonly string[]
  readonly groupWaitMin: number
  readonly groupIntervalMin: number
  readonly repeatIntervalMin: number
  readonly matchers: readonly Matcher[]
  /** Later siblings are asked as well. */
  readonly goesOn: boolean
  /** Whether the route notifies in that minute. */
  readonly isOpen: (minute: number) => boolean
  readonly routes: readonly Route[]
}

export interface OnCall {
  readonly route: Route
  readonly inhibitions: readonly {
    readonly source: readonly Matcher[]
    readonly target: readonly Matcher[]
    readonly equal: readonly string[]
  }[]
}

const MATCHERS = z.array(z.string()).default([])

const ROUTE_SHAPE = z.strictObject({
  receiver: z.string().optional(),
  group_by: z.array(z.string()).optional(),
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  repeat_interval: z.string().optional(),
  matchers: MATCHERS,
  active_time_intervals: z.array(z.string()).default([]),
  mute_time_intervals: z.array(z.string()).default([]),
  continue: z.boolean().default(false),
  get routes() {
    return z.array(ROUTE_SHAPE).default([])
  },
})

const INTERVAL = z.strictObject({
  times: z.array(z.strictObject({ start_time: z.string(), end_time: z.string() })).optional(),
  weekdays: z.array(z.string()).optional(),
  location: z.string().optional(),
})

const SHAPE = z.object({
  route: ROUTE_SHAPE,
  inhibit_rules: z
    .array(
      z.strictObject({ source_matchers: MATCHERS, target_matchers: MATCHERS, equal: z.array(z.string()).default([]) }),
    )
    .default([]),
  time_intervals: z.array(z.strictObject({ name: z.string(), time_intervals: z.array(INTERVAL) })).default([]),
})

type RouteShape = z.output<typeof ROUTE_SHAPE>
type Interval = z.output<typeof INTERVAL>
type Hours = ReadonlyMap<string, readonly Interval[]>

/** Throws when the parsed file is not of the form that is understood here. */
export function onCallOf(file: unknown): OnCall {
  const shape = SHAPE.parse(file)
  const hours = new Map(shape.time_intervals.map(({ name, time_intervals }) => [name, time_intervals]))
  return {
    route: readRoute(shape.route, ALERTMANAGERS_OWN, hours),
    inhibitions: shape.inhibit_rules.map((rule) => ({
      source: rule.source_matchers.map(matcherOf),
      target: rule.target_matchers.map(matcherOf),
      equal: rule.equal,
    })),
  }
}

/** The routes that an alert takes: of the children that match, those up to the first that does not go on; else this one. */
export function routesOf(route: Route, labels: Labels): readonly Route[] {
  const matching = route.routes.filter(({ matchers }) => isMatched(matchers, labels))
  const last = matching.findIndex(({ goesOn }) => !goesOn)
  const taken = last < 0 ? matching : matching.slice(0, last + 1)
  return taken.length === 0 ? [route] : taken.flatMap((child) => routesOf(child, labels))
}

export function isMatched(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher(labels))
}

type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMin' | 'groupIntervalMin' | 'repeatIntervalMin'>

const ALERTMANAGERS_OWN: Inherited = {
  receiver: '',
  groupBy: [],
  groupWaitMin: 1,
  groupIntervalMin: 5,
  repeatIntervalMin: 240,
}

function readRoute(shape: RouteShape, parent: Inherited, hours: Hours): Route {
  const inherited: Inherited = {
    receiver: shape.receiver ?? parent.receiver,
    groupBy: shape.group_by ?? parent.groupBy,
    groupWaitMin: minutesOf(shape.group_wait) ?? parent.groupWaitMin,
    groupIntervalMin: minutesOf(shape.group_interval) ?? parent.groupIntervalMin,
    repeatIntervalMin: minutesOf(shape.repeat_interval) ?? parent.repeatIntervalMin,
  }
  const active = shape.active_time_intervals.flatMap((name) => hoursOf(name, hours))
  const mute = shape.mute_time_intervals.flatMap((name) => hoursOf(name, hours))
  return {
    ...inherited,
    matchers: shape.matchers.map(matcherOf),
    goesOn: shape.continue,
    isOpen: (minute) =>
      (active.length === 0 || active.some((one) => isWithin(one, minute))) &&
      !mute.some((one) => isWithin(one, minute)),
    routes: shape.routes.map((route) => readRoute(route, inherited, hours)),
  }
}

function minutesOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.ceil(durationMs(text) / 60_000)
}

function hoursOf(name: string, hours: Hours): readonly Interval[] {
  const found = hours.get(name)
  if (found === undefined) {
    throw new Error(`alertmanager.yml has no time interval "${name}"`)
  }
  return found
}

function matcherOf(text: string): Matcher {
  const [, label = '', operator, quoted, bare] = /^\s*(\w+)\s*(=~|!~|!=|=)\s*(?:"(.*)"|([^"]*))\s*$/.exec(text) ?? []
  const value = quoted ?? bare ?? ''
  const pattern = new RegExp(`^(?:${value})$`)
  switch (operator) {
    case '=':
      return (labels) => (labels[label] ?? '') === value
    case '!=':
      return (labels) => (labels[label] ?? '') !== value
    case '=~':
      return (labels) => pattern.test(labels[label] ?? '')
    case '!~':
      return (labels) => !pattern.test(labels[label] ?? '')
    default:
      throw new Error(`"${text}" is no matcher`)
  }
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

function isWithin({ times, weekdays }: Interval, minute: number): boolean {
  const day = Math.floor(minute / 1_440) % 7
  const minuteOfDay = minute % 1_440
  return (
    (weekdays?.some((text) => isWeekday(text, day)) ?? true) &&
    (times?.some((time) => minuteOfDay >= clock(time.start_time) && minuteOfDay < clock(time.end_time)) ?? true)
  )
}

function isWeekday(text: string, day: number): boolean {
  const [from = '', to = from] = text.split(':')
  return day >= WEEKDAYS.indexOf(from) && day <= WEEKDAYS.indexOf(to)
}

function clock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
