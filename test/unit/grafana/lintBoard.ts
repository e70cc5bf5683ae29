// Rules over a board and its variables.
//
// A board suits Grafana 11, 12 and 13: classic JSON, read-only, with the variables that all boards share.

import type { Board, BoardVariable } from './board.ts'
import { KNOWN } from './knownMetrics.ts'
import type { Rule } from './lint.ts'
import { readPromql } from './promql.ts'

type Found = readonly (readonly [where: string, what: string])[]

const NEWER: readonly string[] = ['apiVersion', 'kind', 'spec', 'metadata', 'elements', '__inputs', '__requires', 'id']

export const BOARD_RULES = {
  'board-shape': (board: Board): Found => [
    ...NEWER.filter((key) => key in board).map((key) => ['board', `has ${key}`] as const),
    ...said(board.schemaVersion <= 42, 'board', `schemaVersion is ${board.schemaVersion}`),
    ...said(!JSON.stringify(board).includes('"placement":"inControlsMenu"'), 'board', 'has a placement'),
    ...said(/^asterisk-[a-z-]{3,30}$/.test(board.uid), 'board', `uid is ${board.uid}`),
    ...said((board.description ?? '') !== '', 'board', 'has no description'),
  ],
  'board-manners': (board: Board): Found => [
    ...said(board['timezone'] === 'browser', 'board', 'not in the time zone of the browser'),
    ...said(board['graphTooltip'] === 1, 'board', 'no shared crosshair'),
    ...said(
      board.refresh === (board.uid.endsWith('wallboard') ? '10s' : '30s'),
      'board',
      `refresh is ${board.refresh}`,
    ),
    ...said(board.tags?.join(' ') === 'asterisk voip', 'board', `tags are ${board.tags?.join(' ')}`),
    ...said(board.links?.some(leadsToOthers) === true, 'board', 'has no link to the other boards'),
    ...said(board.annotations.list.length >= 2, 'board', 'has no annotations'),
  ],
  'uneditable-dashboard': (board: Board): Found => said(board.editable === false, 'board', 'can be edited'),
  'template-datasource': (board: Board): Found =>
    said(
      variable(board, 'datasource')?.type === 'datasource' && variable(board, 'datasource')?.query === 'prometheus',
      'variable datasource',
      'does not select a Prometheus',
    ),
  // All sites include a Prometheus that has no label for them.
  'template-cluster': (board: Board): Found => choosable(board, 'cluster', '.*'),
  'template-job': (board: Board): Found => choosable(board, 'job'),
  'template-instance': (board: Board): Found => choosable(board, 'instance'),
  'template-label-promql': (board: Board): Found => queried(board).flatMap(askedOf),
  'template-on-time-change-reload': (board: Board): Found =>
    queried(board)
      .filter(({ refresh }) => refresh !== 2)
      .map(({ name }) => [`variable ${name}`, 'is not queried again when the time range changes']),
  'template-described': (board: Board): Found =>
    board.templating.list
      .filter(({ label, description }) => !label || !description)
      .map(({ name }) => [`variable ${name}`, 'has no label or no description']),
} satisfies Readonly<Record<string, Rule>>

/** A violation, unless `right`. */
export function said(right: boolean, where: string, what: string): Found {
  return right ? [] : [[where, what]]
}

function leadsToOthers(link: Readonly<Record<string, unknown>>): boolean {
  return link['type'] === 'dashboards' && link['includeVars'] === true && link['keepTime'] === true
}

function variable(board: Board, name: string): BoardVariable | undefined {
  return board.templating.list.find((each) => each.name === name)
}

function queried(board: Board): readonly BoardVariable[] {
  return board.templating.list.filter(({ type }) => type === 'query')
}

function choosable(board: Board, name: string, all = '.+'): Found {
  const { type, multi, includeAll, allValue, datasource } = variable(board, name) ?? {}
  const right = type === 'query' && multi && includeAll && allValue === all && datasource?.uid === '$datasource'
  return said(right === true, `variable ${name}`, 'does not select one, several or all values')
}

function askedOf({ name, query }: BoardVariable): Found {
  const text = typeof query === 'string' ? query : (query?.query ?? '')
  const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? []
  const { selectors, problem } = readPromql(selector)
  const metric = KNOWN.get(selectors[0]?.name ?? '')
  const right = problem === null && selectors.length === 1 && metric?.labels.includes(label) === true
  return said(right, `variable ${name}`, `queries ${text}`)
}
