// The layout of a board: sections of rows of panels, on Grafana's grid of 24 columns.
//
// Throws if the panels of a row are not exactly as wide as the board. Ids are the positions of panels, so that the JSON is
// reproducible.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type GridPos, type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

const COLUMNS = 24

/** Grid rows of the first screen: a screen of 1080 pixels shows 20 rows of 38 pixels below Grafana's header. */
const FIRST_SCREEN = 20

/** A panel without its position. */
export interface PlaceablePanel extends Builder<Panel> {
  id(id: number): this
  gridPos(position: GridPos): this
}

/** Panels side by side, with their widths; together they are 24 columns wide. */
export interface Row {
  readonly height: number
  readonly panels: readonly (readonly [width: number, panel: PlaceablePanel])[]
}

/** Rows below a heading; the first section of a board may have no heading. */
export interface Section {
  readonly title?: string
  readonly rows: readonly Row[]
}

/** A row of panels of equal width. */
export function equalWidths(height: number, ...panels: readonly PlaceablePanel[]): Row {
  const width = COLUMNS / panels.length
  if (!Number.isInteger(width)) {
    throw new Error(`${panels.length} panels have no equal width`)
  }
  return { height, panels: panels.map((panel) => [width, panel] as const) }
}

/** A row of panels of given widths. */
export function row(height: number, ...panels: Row['panels']): Row {
  return { height, panels }
}

/** All panels and headings with their positions. A section that begins below the first screen is folded. */
export function place(sections: readonly Section[]): readonly (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = []
  let y = 0
  let id = 1
  for (const { title, rows } of sections) {
    const head = title === undefined ? 0 : 1
    const panels = placeRows(rows, { id: id + head, y: y + head, below: title ?? 'the top' })
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

function placeRows(
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
