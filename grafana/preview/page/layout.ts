// Positions of panels in Grafana's grid: 24 columns, rows of 30 pixels, gaps of 8.
//
// A folded row is one line; when it is open, its panels are below it and the following panels move down.

import type { GridPosition, Panel } from './boardJson.ts'

const [COLUMNS, CELL, GAP] = [24, 30, 8]

export interface Place {
  readonly position: 'absolute'
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The visible panels with their positions on the grid. */
export function visiblePanels(panels: readonly Panel[], isUnfolded: boolean): readonly Panel[] {
  let moved = 0
  return [...panels].sort(byRow).flatMap((panel) => {
    const placed = movedDown(panel, moved)
    const inside = panel.panels ?? []
    if (!isUnfolded || inside.length === 0) {
      return [placed]
    }
    const top = Math.min(...inside.map(({ gridPos }) => gridPos.y))
    const bottom = Math.max(...inside.map(({ gridPos }) => gridPos.y + gridPos.h))
    const shift = placed.gridPos.y + 1 - top
    moved += bottom - top
    return [placed, ...inside.map((each) => movedDown(each, shift))]
  })
}

const byRow = ({ gridPos: one }: Panel, { gridPos: other }: Panel) => one.y - other.y || one.x - other.x

function movedDown(panel: Panel, rows: number): Panel {
  return { ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y + rows } }
}

/** The position of a panel in pixels, on a board of that width. */
export function placeOf({ x, y, w, h }: GridPosition, boardWidth: number): Place {
  const column = (boardWidth - (COLUMNS - 1) * GAP) / COLUMNS
  return {
    position: 'absolute',
    left: x * (column + GAP),
    top: y * (CELL + GAP),
    width: w * column + (w - 1) * GAP,
    height: h * CELL + (h - 1) * GAP,
  }
}

/** The height of all panels in pixels. */
export function heightOf(panels: readonly Panel[]): number {
  return Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * (CELL + GAP)
}
