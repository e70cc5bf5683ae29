// Rules about room: that names, headings and values are whole on a laptop, a window of 1366 pixels.
//
// Each rule prevents a fault that was seen on a picture of a board. Sizes are those of Grafana's grid, stat panel and table.

import { z } from 'zod'
import type { Panel, Target } from './board.ts'
import type { Rule } from './lint.ts'
import { each } from './lintLooks.ts'
import { type Looks, seriesNames } from './looks.ts'
import { textWidth } from './textWidth.ts'

/** Pixels of one of the 24 columns and one row of the grid, without the space between panels, at 1366 pixels. */
const GRID = { column: 55.9, row: 38, gap: 8 } as const
/** Pixels of a panel that its frame and its title take. */
const FRAME = { width: 18, height: 50 } as const
/** Pixels of a table's column that its heading cannot use, and of an icon beside the heading. */
const CELL = { text: 14, padding: 13, icon: 20 } as const
const TABLE_BORDER = 2
/** Grafana's own minimum width of a column. */
const COLUMN = 150
/** `pbx-berlin:9745`, and room for it. */
const KEY = 120
/** The longest usual text of a value, by unit. */
const LONGEST: Readonly<Record<string, string>> = { dthms: '00:00:00' }
/** Of the values of a longer list, a query of a figure returns few. */
const FEW = 3
/** Rows of a figure of the smallest height whose values are readable. */
const MOST_ROWS = 3
/** Words in place of an unknown value are readable from this size on. */
const READABLE = 14

const ORGANIZE = z.object({
  id: z.literal('organize'),
  options: z.object({ renameByName: z.record(z.string(), z.string()) }),
})
const SORTED = z.array(z.object({ displayName: z.string() }))

interface Column {
  readonly name: string
  /** Pixels that it has, and that it needs. */
  readonly width: number
  readonly need: number
}

export const ROOM_RULES = {
  'columns-have-room': each(['table'], (looks, panel) => {
    const columns = columnsOf(looks, panel)
    const cut = columns.filter(({ width, need }) => need > width)
    if (cut.length > 0) {
      return `cuts ${cut.map(({ name, width, need }) => `${name} (${Math.ceil(need)} > ${Math.floor(width)})`).join(', ')}`
    }
    const all = columns.reduce((sum, { width }) => sum + width, 0)
    return all > inside(panel) + 1 ? `has columns of ${Math.ceil(all)} pixels in ${Math.floor(inside(panel))}` : null
  }),
  'figures-have-room': each(['stat'], (looks, panel) => {
    const names = (panel.targets ?? []).flatMap(namesOf)
    const title = looks.options.text?.titleSize ?? 0
    const value = looks.options.text?.valueSize
    const room = roomOfFigure(looks, panel, names.length)
    const isNamed = looks.options.textMode === 'value_and_name' || names.length > 1
    const wide = isNamed ? names.filter((name) => textWidth(name, title) > room) : []
    const long = names.filter((name) => {
      const longest = LONGEST[unitOf(looks, name)]
      return value !== undefined && longest !== undefined && textWidth(longest, value) > room
    })
    const found = [...wide.map((name) => `the name ${name}`), ...long.map((name) => `the value of ${name}`)]
    return found.length === 0 ? null : `has no room for ${found.join(', ')}`
  }),
  'rows-are-few': each(['stat'], ({ options }, { targets = [] }) => {
    const many = targets.filter(
      ({ expr = '', legendFormat = '' }) => /\{\{(instance|sink)\}\}/.test(legendFormat) && !isFew(expr),
    )
    return options.orientation === 'horizontal' && many.length > 0 ? 'has a row for each PBX, however many' : null
  }),
  'words-of-nothing-readable': each(['stat'], ({ defaults, options }, panel) => {
    const { noValue = '' } = defaults
    const isScaled = options.text?.valueSize === undefined
    return isScaled && textWidth(noValue, READABLE) > widthOf(panel) - FRAME.width
      ? 'shrinks the words of an unknown value'
      : null
  }),
  'ages-in-words': each(['stat', 'table'], ({ defaults, overrides }, { targets = [] }) => {
    const isBare = [defaults, ...overrides.map(({ values }) => values)].some(
      ({ unit, decimals }) => unit === 's' && decimals === undefined,
    )
    return isBare && targets.some(({ expr = '' }) => /\btime\(\) -/.test(expr)) ? 'shows `1.07 weeks` for an age' : null
  }),
  'ticks-whole': each(['timeseries'], ({ defaults: { unit, decimals } }, { targets = [] }) =>
    unit === 'short' && decimals === undefined && targets.every(({ expr = '' }) => isWhole(expr))
      ? 'has ticks at fractions of a call'
      : null,
  ),
  'ticks-apart': each(['timeseries'], ({ defaults: { unit, decimals } }) =>
    unit === 's' && decimals === 0 ? 'has the tick `1 hours` twice' : null,
  ),
} satisfies Readonly<Record<string, Rule>>

// The rows of a figure, or the programs in fleet mode.
function isFew(expr: string): boolean {
  const [, rows] = /\b(?:top|bottom)k\((\d+),/.exec(expr) ?? []
  return Number(rows ?? MOST_ROWS + 1) <= MOST_ROWS || /asterisk_fleet_/.test(expr)
}

// Small whole numbers: calls and callers, but not averages, rates, shares, and what is counted in thousands.
function isWhole(expr: string): boolean {
  const isMany = /_exporter_|scrape_|process_|asterisk_(endpoint|operator_state)/.test(expr)
  const isFraction = /\bavg|\brate\(|increase|_bytes|_seconds| \/ |histogram_quantile/.test(expr)
  return /^round\(/.test(expr) || !(isMany || isFraction)
}

function widthOf({ gridPos }: Panel): number {
  return (gridPos?.w ?? 0) * GRID.column - GRID.gap
}

function inside(panel: Panel): number {
  return widthOf(panel) - TABLE_BORDER
}

// As Grafana divides the width: columns without a width share what the others leave, but have their minimum. With the column for the
// site, which a single Prometheus does not have.
function columnsOf({ defaults, overrides, options }: Looks, panel: Panel): readonly Column[] {
  const transformations = z.array(z.unknown()).parse(panel['transformations'] ?? [])
  const renamed = transformations.flatMap((each) => {
    const organize = ORGANIZE.safeParse(each)
    return organize.success ? Object.entries(organize.data.options.renameByName) : []
  })
  const sorted = SORTED.parse(options.sortBy ?? []).map(({ displayName }) => displayName)
  const columns = renamed.map(([field, name]) => {
    const own = overrides.filter((override) => override.name === name).map(({ values }) => values)
    const isFiltered = own.find((values) => values['custom.filterable'] !== undefined)?.['custom.filterable']
    const icons = Number(isFiltered ?? defaults.custom?.filterable ?? false) + Number(sorted.includes(name))
    const heading = textWidth(name, CELL.text) + icons * CELL.icon + CELL.padding
    return {
      name,
      fixed: own.find((values) => values['custom.width'] !== undefined)?.['custom.width'],
      need: /^Value\b/.test(field) || field !== 'instance' ? heading : Math.max(heading, KEY),
    }
  })
  const taken = columns.reduce((sum, { fixed = 0 }) => sum + fixed, 0)
  const share = (inside(panel) - taken) / columns.filter(({ fixed }) => fixed === undefined).length
  const least = Math.max(defaults.custom?.minWidth ?? COLUMN, share)
  return columns.map(({ name, fixed, need }) => ({ name, need, width: fixed ?? least }))
}

// Figures are side by side, or one below the other; larger ones have a wider margin.
function roomOfFigure({ options }: Looks, panel: Panel, figures: number): number {
  const isColumn = options.orientation === 'horizontal'
  const height = ((panel.gridPos?.h ?? 0) * GRID.row - GRID.gap - FRAME.height) / (isColumn ? figures : 1)
  const width = (widthOf(panel) - FRAME.width) / (isColumn ? 1 : figures)
  return width - 3 - 2 * (height > 100 ? 12 : 8)
}

// Names of the figures, as far as the query decides them: the legend, with the values of closed lists of labels.
function namesOf({ legendFormat = '', expr = '' }: Target): readonly string[] {
  const plain = legendFormat.replace('{{more}}', '')
  const label = /\{\{(\w+)\}\}/.exec(plain)?.[1]
  if (label === undefined) {
    return [plain]
  }
  const values = /\b(top|bottom)k\(1,/.test(expr) ? [] : seriesNames(expr, label)
  return values.length > FEW ? [] : values.map((value) => plain.replace(`{{${label}}}`, value.replaceAll('_', ' ')))
}

function unitOf({ defaults, overrides }: Looks, name: string): string {
  return (
    overrides.find((override) => override.name === name && override.values.unit)?.values.unit ?? defaults.unit ?? ''
  )
}
