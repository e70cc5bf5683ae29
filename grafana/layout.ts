// Where panels stand: sections of rows, from the left to the right and from the top to the bottom, on Grafana's 24 columns.
//
// A row that is not exactly as wide as the board is a mistake, and throws. Ids are the panels' places, so that the JSON is
// the same each time.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type GridPos, type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

const COLUMNS = 24

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
export function even(height: number, ...panels: readonly PlaceablePanel[]): Row {
  const width = COLUMNS / panels.length
  if (!Number.isInteger(width)) throw new Error(`${panels.length} panels have no equal width`)
  return { height, panels: panels.map((panel) => [width, panel] as const) }
}

/** Panels of the widths that are said. */
export function row(height: number, ...panels: Row['panels']): Row {
  return { height, panels }
}

/** All panels with their places, headings among them. */
export function place(sections: readonly Section[]): readonly (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = []
  let y = 0
  for (const { title, rows } of sections) {
    if (title !== undefined) {
      placed.push(heading(title, { id: placed.length + 1, y }))
      y += 1
    }
    for (const { height, panels } of rows) {
      let x = 0
      for (const [width, panel] of panels) {
        placed.push(
          panel
            .id(placed.length + 1)
            .gridPos({ x, y, w: width, h: height })
            .build(),
        )
        x += width
      }
      if (x !== COLUMNS) throw new Error(`a row of ${x} columns below ${title ?? 'the top'}`)
      y += height
    }
  }
  return placed
}

function heading(title: string, { id, y }: { readonly id: number; readonly y: number }): RowPanel {
  return new RowBuilder(title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build()
}
