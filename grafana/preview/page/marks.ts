// Annotations of a board as marks on its graphs: the times at which their queries have a result.
//
// With a step of a minute, as in the boards; consecutive minutes are one mark.

import type { GrafanaTheme2, TimeRange } from '@grafana/data'
import type { Board } from './boardJson.ts'
import { overTime } from './prometheus.ts'
import { fillIn, macrosOf, type Variables } from './variables.ts'
import type { Mark } from './viz/viz.ts'

const STEP_MS = 60_000

interface Opened {
  readonly range: TimeRange
  readonly variables: Variables
  readonly theme: GrafanaTheme2
}

/** The marks of the enabled annotations. */
export async function readMarks(board: Board, { range, variables, theme }: Opened): Promise<readonly Mark[]> {
  const { macros } = macrosOf({ interval: '60s' }, range, 1_000)
  const found = board.annotations.list
    .filter(({ enable }) => enable)
    .map(async ({ target, iconColor }) => {
      const series = await overTime(fillIn(target?.expr ?? '', variables, macros), range, STEP_MS)
      const color = theme.visualization.getColorByName(iconColor)
      return series.flatMap(({ values }) =>
        stretches(values.map(([at]) => at * 1000)).map((one) => ({ ...one, color })),
      )
    })
  return (await Promise.all(found)).flat()
}

function stretches(times: readonly number[]): readonly Omit<Mark, 'color'>[] {
  const made: { from: number; to: number }[] = []
  for (const at of times) {
    const last = made.at(-1)
    if (last !== undefined && at - last.to <= STEP_MS) {
      last.to = at
    } else {
      made.push({ from: at, to: at })
    }
  }
  return made
}
