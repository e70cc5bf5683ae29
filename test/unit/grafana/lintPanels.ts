// Rules over panels: title, description, unit, position, and data source.

import { type Board, type Panel, panelsOf, type Target } from './board.ts'
import type { Rule } from './lint.ts'
import { said } from './lintBoard.ts'

type Found = readonly (readonly [where: string, what: string])[]

const COLUMNS = 24
/** Pixels of a grid column on a screen of 1366, of a panel's padding and icon beside its title, and of a character. */
const LAPTOP_COLUMN_PIXELS = 55.6
const TITLE_MARGIN_PIXELS = 78
const CHARACTER_PIXELS = 7.2
const WORDLESS: readonly string[] = ['row']
const WITHOUT_QUERY: readonly string[] = ['row', 'text']
const UNITS: readonly string[] = [
  'none',
  'short',
  'string',
  's',
  'dtdurations',
  'dthms',
  'percentunit',
  'bytes',
  'cps',
  'dateTimeAsIso',
  'suffix:MOS',
  'suffix:min',
]
const CHOICES: Readonly<Record<string, string>> = {
  prometheus: '$datasource',
  'yesoreyeram-infinity-datasource': '$calllog',
}

export const PANEL_RULES = {
  'panel-title-description': (board: Board): Found =>
    panelsOf(board)
      .filter(({ type }) => !WORDLESS.includes(type))
      .flatMap((panel) => said(Boolean(panel.title && panel.description), at(panel), 'has no title or no description')),
  'panel-title-fits': (board: Board): Found =>
    panelsOf(board)
      .filter(({ type }) => !WORDLESS.includes(type))
      .flatMap(({ title = '', gridPos, ...panel }) => {
        const shown = title.replace(/\$\{\w+\}/g, '30m')
        const most = ((gridPos?.w ?? 0) * LAPTOP_COLUMN_PIXELS - TITLE_MARGIN_PIXELS) / CHARACTER_PIXELS
        return said(
          shown.length <= most,
          at({ title, ...panel }),
          `has a title of more than ${Math.floor(most)} characters`,
        )
      }),
  'panel-units': (board: Board): Found =>
    panelsOf(board)
      .filter(({ type }) => !WITHOUT_QUERY.includes(type))
      .flatMap((panel) => {
        const unit = panel.fieldConfig?.defaults?.unit
        return said(unit !== undefined && UNITS.includes(unit), at(panel), `has the unit ${unit}`)
      }),
  'panel-no-targets': (board: Board): Found =>
    panelsOf(board)
      .filter(({ type }) => !WITHOUT_QUERY.includes(type))
      .flatMap((panel) => said((panel.targets ?? []).length > 0, at(panel), 'has no query')),
  'panel-datasource': (board: Board): Found =>
    panelsOf(board).flatMap((panel) =>
      [panel.datasource, ...(panel.targets ?? []).map((target) => target.datasource)]
        .filter((source) => source !== undefined || !WITHOUT_QUERY.includes(panel.type))
        .flatMap((source) =>
          said(
            source?.uid !== undefined && CHOICES[source.type ?? ''] === source.uid,
            at(panel),
            `uses the data source ${source?.uid}`,
          ),
        ),
    ),
  'panel-library': (board: Board): Found =>
    panelsOf(board).flatMap((panel) => said(panel.libraryPanel === undefined, at(panel), 'is a library panel')),
  'unique-ids': (board: Board): Found => {
    const ids = panelsOf(board).map(({ id }) => id)
    return panelsOf(board).flatMap((panel, index) =>
      said(panel.id !== undefined && ids.indexOf(panel.id) === index, at(panel), `has the id ${panel.id}`),
    )
  },
  'no-overlap': (board: Board): Found => {
    const panels = panelsOf(board)
    return panels.flatMap((panel, index) => [
      ...said(isOnTheGrid(panel), at(panel), 'is not on the grid'),
      ...panels
        .slice(0, index)
        .filter((other) => foldOf(board, other) === foldOf(board, panel))
        .flatMap((other) => said(!overlap(panel, other), at(panel), `overlaps ${other.title}`)),
    ])
  },
  'ref-ids': (board: Board): Found =>
    panelsOf(board).flatMap((panel) => {
      const ids = (panel.targets ?? []).map(({ refId }) => refId)
      return said(
        ids.every((id, index) => id !== undefined && /^[A-Z]$/.test(id) && ids.indexOf(id) === index),
        at(panel),
        `has the refIds ${ids.join(' ')}`,
      )
    }),
} satisfies Readonly<Record<string, Rule>>

// Panels of a folded row overlap the following ones until the row is opened.
function foldOf(board: Board, panel: Panel): Panel | undefined {
  return board.panels.find(({ panels = [] }) => panels.includes(panel))
}

/** The name of a panel in messages. */
export function at({ title, type, id }: Panel): string {
  return title ?? `${type} ${id}`
}

/** Each query of a board to Prometheus, with its panel. */
export function queriesOf(board: Board): readonly { readonly panel: Panel; readonly target: Target }[] {
  return panelsOf(board).flatMap((panel) =>
    (panel.targets ?? [])
      .filter(({ datasource }) => datasource?.type === 'prometheus')
      .map((target) => ({ panel, target })),
  )
}

function isOnTheGrid({ gridPos }: Panel): boolean {
  if (gridPos === undefined) {
    return false
  }
  const { x, y, w, h } = gridPos
  return [x, y, w, h].every(Number.isInteger) && x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= COLUMNS
}

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  if (one === undefined || other === undefined) {
    return false
  }
  const apart =
    one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y
  return !apart
}
