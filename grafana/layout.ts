// Where panels stand: sections of rows, from the left to the right and from the top to the bottom, on Grafana's 24 columns.
//
// A row that is not exactly as wide as the board is a mistake, and throws. Ids are the panels' places, so that the JSON is
// the same each time.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type GridPos, type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

const COLUMNS = 24

/** Grid rows of the first screen: 20 of 38 pixels are what a screen of 1080 shows below Grafana's own bars. */
const FIRST_SCREEN = 20

/** Any panel, before it knows its place. */
export interface PlaceablePanel extends Builder<Panel> {
  id(id: number): this
  gridPos(position: GridPos): this
}

/** Panels side by side. Each has its width; together they are 24 columns. */
export interface Row {
  readonly height: number
  readonly panels: readonly (readonly [width: number, panel: PlaceablePanel])[]
}

/** Rows below a heading; the first section of a board may have none. */
export interface Section {
  readonly title?: string
  readonly rows: readonly Row[]
}

/** Panels of equal width. */
export function equalWidths(height: number, ...panels: readonly PlaceablePanel[]): Row {
  const width = COLUMNS / panels.length
  if (!Number.isInteger(width)) {
    throw new Error(`${panels.length} panels have no equal width`)
  }
  return { height, panels: panels.map((panel) => [width, panel] as const) }
}

/** Panels of the widths that are said. */
export function row(height: number, ...panels: Row['panels']): Row {
  return { height, panels }
}

/** All panels with their places, headings among them. A section that begins below the first screen is folded. */
export function place(sections: readonly Section[]): readonly (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = []
  let y = 0
  let id = 1
  for (const { title, rows } of sections) {
    const head = title === undefined ? 0 : 1
    const panels = stood(rows, { id: id + head, y: y + head, below: title ?? 'the top' })
    const folded = title !== undefined && y >= FIRST_SCREEN
    if (title !== undefined) {
      placed.push(heading(title, { id, y, folded: folded ? panels : [] }))
    }
    if (!folded) {
      placed.push(...panels)
    }
    id += head + panels.length
    y += head + (folded ? 0 : rows.reduce((height, row) => height + row.height, 0))
  }
  return placed
}

function stood(
  rows: readonly Row[],
  from: { readonly id: number; readonly y: number; readonly below: string },
): Panel[] {
  const panels: Panel[] = []
  let y = from.y
  for (const { height, panels: side } of rows) {
    let x = 0
    for (const [width, panel] of side) {
      const position = { x, y, w: width, h: height }
      panels.push(
        panel
          .id(from.id + panels.length)
          .gridPos(position)
          .build(),
      )
      x += width
    }
    if (x !== COLUMNS) {
      throw new Error(`a row of ${x} columns below ${from.below}`)
    }
    y += height
  }
  return panels
}

function heading(
  title: string,
  { id, y, folded }: { readonly id: number; readonly y: number; readonly folded: Panel[] },
): RowPanel {
  const row = new RowBuilder(title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build()
  return { ...row, collapsed: folded.length > 0, panels: folded }
}
