// The filters of the page: the period and the site of all places, and what the list of calls is searched for, in the page's address and
// in an API query.
//
// No I/O. Days and hours are in the browser's time zone; the API gets UTC. Unknown parameters of the address are ignored.

export const PERIODS = ['hour', 'today', 'yesterday', 'week', 'month', 'all', 'custom'] as const

/** The order of the list of calls. */
export const ORDERS = ['newest', 'oldest', 'longest'] as const

export type Order = (typeof ORDERS)[number]

export type Period = (typeof PERIODS)[number]

/** A period, and its ends if it is `custom`. */
export type ChosenPeriod = Pick<Filters, 'period' | 'from' | 'to'>

/** An empty text does not filter. The names are those of the API, and of the address. */
export interface Filters {
  /** In a fleet only. */
  readonly site: string
  readonly text: string
  readonly direction: string
  readonly disposition: string
  readonly operator: string
  readonly answered_by: string
  readonly queue: string
  readonly trunk: string
  readonly line: string
  readonly destination: string
  readonly country: string
  /** Seconds. */
  readonly min_duration: string
  readonly max_duration: string
  readonly missed: boolean
  readonly order: Order
  readonly period: Period
  /** For the period `custom`: local time, such as `2026-11-23T07:00`. */
  readonly from: string
  readonly to: string
}

export const NO_FILTERS: Filters = {
  site: '',
  text: '',
  direction: '',
  disposition: '',
  operator: '',
  answered_by: '',
  queue: '',
  trunk: '',
  line: '',
  destination: '',
  country: '',
  min_duration: '',
  max_duration: '',
  missed: false,
  order: 'newest',
  period: 'today',
  from: '',
  to: '',
}

/** The filters that are texts, in the order in which they are shown. */
export const TEXT_FILTERS = [
  'site',
  'text',
  'direction',
  'disposition',
  'operator',
  'answered_by',
  'queue',
  'trunk',
  'line',
  'destination',
  'country',
  'min_duration',
  'max_duration',
] as const

/** The filters in the page's address. */
export function filtersOf(search: string): Filters {
  const query = new URLSearchParams(search)
  const text = (name: string): string => query.get(name) ?? ''
  return {
    site: text('site'),
    text: text('text'),
    direction: text('direction'),
    disposition: text('disposition'),
    operator: text('operator'),
    answered_by: text('answered_by'),
    queue: text('queue'),
    trunk: text('trunk'),
    line: text('line'),
    destination: text('destination'),
    country: text('country'),
    min_duration: text('min_duration'),
    max_duration: text('max_duration'),
    missed: text('missed') === 'true',
    order: ORDERS.find((each) => each === text('order')) ?? NO_FILTERS.order,
    period: PERIODS.find((each) => each === text('period')) ?? 'today',
    from: text('from'),
    to: text('to'),
  }
}

/** The filters in the page's address, without those that are not set. */
export function filtersQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of TEXT_FILTERS) {
    if (filters[name] !== '') {
      query.set(name, filters[name])
    }
  }
  if (filters.missed) {
    query.set('missed', 'true')
  }
  if (filters.order !== NO_FILTERS.order) {
    query.set('order', filters.order)
  }
  if (filters.period !== NO_FILTERS.period) {
    query.set('period', filters.period)
  }
  if (filters.period === 'custom' && filters.from !== '') {
    query.set('from', filters.from)
  }
  if (filters.period === 'custom' && filters.to !== '') {
    query.set('to', filters.to)
  }
  return query
}

/** Whether two filters choose the same period and site. */
export function arePeriodAndSiteEqual(one: Filters, other: Filters): boolean {
  return (['period', 'from', 'to', 'site'] as const).every((name) => one[name] === other[name])
}

/** The query for `/api/calls`. */
export function apiQueryOf(filters: Filters, now: Date): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of TEXT_FILTERS) {
    const value = filters[name].trim()
    if (value !== '') {
      query.set(name, value)
    }
  }
  if (filters.missed) {
    query.set('missed', 'true')
  }
  if (filters.order !== NO_FILTERS.order) {
    query.set('order', filters.order)
  }
  for (const [name, value] of Object.entries(boundsOf(filters, now))) {
    query.set(name, value)
  }
  return query
}

/** The instants at which a period begins and ends; a missing one is open. */
export function boundsOf({ period, from, to }: ChosenPeriod, now: Date): { from?: string; to?: string } {
  switch (period) {
    case 'all': {
      return {}
    }
    case 'hour': {
      return { from: new Date(now.getTime() - 3_600_000).toISOString() }
    }
    case 'today': {
      return { from: dayStart(now) }
    }
    case 'yesterday': {
      return { from: dayStart(now, 1), to: dayStart(now) }
    }
    case 'week': {
      return { from: dayStart(now, 6) }
    }
    case 'month': {
      return { from: dayStart(now, 29) }
    }
    case 'custom': {
      return { ...instant('from', from), ...instant('to', to) }
    }
  }
}

/** When the day of `now` began in the browser's time zone, or a day before it. */
export function dayStart(now: Date, daysAgo = 0): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).toISOString()
}

function instant<N extends string>(name: N, local: string): Partial<Record<N, string>> {
  const at = new Date(local)
  const known: Partial<Record<N, string>> = {}
  if (local !== '' && !Number.isNaN(at.getTime())) {
    known[name] = at.toISOString()
  }
  return known
}
