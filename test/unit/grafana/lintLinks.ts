// Rules over all boards: targets of links, and meanings of titles.
//
// The text of a link names the board that it links to; panels with the same title show the same.

import { type Board, type Panel, panelsOf } from './board.ts'
import type { Finding } from './lint.ts'
import { at } from './lintPanels.ts'
import { type Link, linksOfPanel, looksOf } from './looks.ts'
import { readPromql } from './promql.ts'

// Counters whose observations are rows of the call log.
const COUNTS_CALLS = /increase\(asterisk_(calls|missed_calls|call_|queue_calls|operator_calls|trunk_attempts)/

// Every link keeps the time range, or the time of the clicked point, and the selected exporters.
const KEPT: readonly RegExp[] = [
  /[?&](\$\{__url_time_range\}|time=\$\{\w+(\.\w+)?\}&time\.window=\d+)(&|$)/,
  ...['datasource', 'job'].map((name) => new RegExp(`\\$\\{${name}:queryparam\\}`)),
  // Or the PBX that was clicked.
  ...['cluster', 'instance'].map((name) => new RegExp(`\\$\\{${name}:queryparam\\}|var-${name}=\\$\\{__`)),
]

/** A rule over all boards. */
export type SetRule = (boards: readonly Board[]) => readonly Omit<Finding, 'rule'>[]

export const SET_RULES = {
  'links-lead-there': (boards) =>
    linksOf(boards).flatMap(({ board, where, title, url }) => {
      const [, uid] = /^\/d\/([\w-]+)/.exec(url) ?? []
      if (uid === undefined) {
        return []
      }
      const target = boards.find((each) => each.uid === uid)
      return wrongOf({ title, url }, board, target).map((what) => ({ where, what }))
    }),
  'choice-goes-along': (boards) =>
    boards.flatMap((board) =>
      panelsOf(board).flatMap((panel) =>
        linksOfPanel(panel).flatMap(({ title, url }) =>
          forgotten(panel, { url, board, boards }).map((name) => ({
            where: `${board.uid} / ${at(panel)}`,
            what: `${title} loses the selected ${name}`,
          })),
        ),
      ),
    ),
  'title-one-meaning': (boards) => {
    const panels = boards.flatMap((board) =>
      panelsOf(board)
        .filter(({ type }) => type !== 'row')
        .map((panel) => ({ where: `${board.uid} / ${at(panel)}`, title: panel.title, means: meaningOf(panel) })),
    )
    return panels.flatMap(({ where, title, means }, index) => {
      const before = panels.slice(0, index).find((other) => other.title === title && other.means !== means)
      return before === undefined ? [] : [{ where, what: `has another meaning than ${before.where}` }]
    })
  },
  'figures-lead-on': (boards) =>
    boards.flatMap((board) =>
      panelsOf(board)
        .filter((panel) => panel.type === 'bargauge' || (panel.type === 'timeseries' && isOfCalls(panel)))
        .filter((panel) => linksOfPanel(panel).length === 0)
        .map((panel) => ({ where: `${board.uid} / ${at(panel)}`, what: 'has no link' })),
    ),
} satisfies Readonly<Record<string, SetRule>>

/** All violations between boards. */
export function lintSet(boards: readonly Board[]): readonly Finding[] {
  return Object.entries(SET_RULES).flatMap(([rule, check]) => check(boards).map((finding) => ({ rule, ...finding })))
}

interface Leading {
  readonly url: string
  readonly board: Board
  readonly boards: readonly Board[]
}

// Variables that filter the panel and that the linked board knows too, with the same values. Text boxes accept only one value.
// The direction of a seizure is not the direction of its call.
function forgotten({ targets = [] }: Panel, { url, board, boards }: Leading): readonly string[] {
  const to = boards.find(({ uid }) => url.startsWith(`/d/${uid}?`))
  const asked = targets.flatMap(({ expr = '' }) => (/trunk/.test(expr) ? [] : [expr])).join(' ')
  const known = to === undefined ? new Map<string, readonly string[]>() : choicesOf(to)
  return [...choicesOf(board)]
    .filter(([name, choices]) => choices.every((choice) => known.get(name)?.includes(choice)))
    .map(([name]) => name)
    .filter(
      (name) => asked.includes(`"$${name}"`) && !url.includes(`var-${name}=`) && !url.includes(`{${name}:queryparam}`),
    )
}

// The variables of a board with closed lists of values.
function choicesOf({ templating }: Board): ReadonlyMap<string, readonly string[]> {
  const lists = templating.list.filter(({ type, query }) => type === 'custom' && typeof query === 'string')
  return new Map(lists.map(({ name, query }) => [name, String(query).split(',')]))
}

function wrongOf({ title, url }: Link, from: Board, to: Board | undefined): readonly string[] {
  if (to === undefined) {
    return [`${title} links to no board`]
  }
  const names = to.title.replace(/^Asterisk \/ /, '').split(' and ')
  const known = to.templating.list.map(({ name }) => name)
  const variables = [...url.matchAll(/[?&]var-(\w+)=/g)].map(([, name = '']) => name)
  return [
    ...(names.some((name) => title.toLowerCase().includes(name.toLowerCase()))
      ? []
      : [`${title} links to ${to.title}`]),
    ...(to.uid === from.uid && variables.length === 0 ? [`${title} links to its own board`] : []),
    ...KEPT.filter((kept) => !kept.test(url)).map((kept) => `${title} loses ${kept.source}`),
    ...variables.filter((name) => !known.includes(name)).map((name) => `${to.title} has no ${name}`),
  ]
}

function linksOf(boards: readonly Board[]): readonly (Link & { readonly board: Board; readonly where: string })[] {
  return boards.flatMap((board) =>
    panelsOf(board).flatMap((panel) =>
      linksOfPanel(panel).map((way) => ({ ...way, board, where: `${board.uid} / ${at(panel)}` })),
    ),
  )
}

function isOfCalls(panel: Panel): boolean {
  if (looksOf(panel).defaults.custom?.drawStyle !== 'bars') {
    return false
  }
  return (panel.targets ?? []).some(({ expr = '' }) => COUNTS_CALLS.test(expr))
}

// Unit and metrics; for the API, its path.
function meaningOf({ fieldConfig, targets = [] }: Panel): string {
  const names = targets.flatMap(({ expr, url }) =>
    expr === undefined ? [String(url)] : readPromql(expr).selectors.map(({ name }) => name),
  )
  return [fieldConfig?.defaults?.unit, ...new Set(names.sort())].join(' ')
}
