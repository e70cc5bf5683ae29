// Saved views: filters and a period under a name. The user's own are stored by the browser; some are ready-made.
//
// What is stored may be of an older version, or edited: what is no view is ignored.

import { type Filters, filtersOf, filtersQuery, NO_FILTERS } from './filters.ts'

export interface View {
  readonly name: string
  /** The filters as in the address of the page. */
  readonly query: string
}

export const MAX_NAME_LENGTH = 80
const MAX_VIEWS = 100
const STORAGE_KEY = 'views'

/** The ready-made views; the keys are those of their names (searchTexts.ts). */
export const READY_VIEWS = {
  'views.missedToday': { missed: true },
  'views.longCalls': { min_duration: '600', period: 'week' },
  'views.abroad': { direction: 'outbound', destination: 'international', period: 'month' },
} as const satisfies Readonly<Record<string, Partial<Filters>>>

/** The filters of a view: everything that it does not name is as by default. */
export function filtersOfView({ query }: Pick<View, 'query'>): Filters {
  return filtersOf(query)
}

/** The query of a view with these filters. */
export function queryOfView(filters: Partial<Filters>): string {
  return filtersQuery({ ...NO_FILTERS, ...filters }).toString()
}

/** With this view, in the place of one of the same name; by name. */
export function withView(views: readonly View[], { name, query }: View): readonly View[] {
  const clean = name.trim().slice(0, MAX_NAME_LENGTH)
  if (clean === '') {
    return views
  }
  return [...withoutView(views, clean), { name: clean, query }]
    .toSorted((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }))
    .slice(0, MAX_VIEWS)
}

export function withoutView(views: readonly View[], name: string): readonly View[] {
  return views.filter((view) => view.name !== name)
}

/** The view has another name, and takes the place of one that has it. */
export function renamedView(views: readonly View[], name: string, next: string): readonly View[] {
  const view = views.find((each) => each.name === name)
  return view === undefined || next.trim() === '' ? views : withView(withoutView(views, name), { ...view, name: next })
}

/** The stored views. */
export function viewsOf(stored: string | null): readonly View[] {
  try {
    const parsed: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(parsed) ? parsed.filter(isView).reduce<readonly View[]>(withView, []) : []
  } catch {
    return []
  }
}

function isView(value: unknown): value is View {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'query' in value &&
    typeof value.query === 'string'
  )
}

/** None if the browser denies access to its storage. */
export function storedViews(): readonly View[] {
  try {
    return viewsOf(localStorage.getItem(STORAGE_KEY))
  } catch {
    return []
  }
}

/** Returns whether the browser stored them. */
export function storeViews(views: readonly View[]): boolean {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(views))
    return true
  } catch {
    return false
  }
}
