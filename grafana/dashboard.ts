// A whole board: what all boards have in common, and what each has of its own.
//
// Classic JSON of schema version 42 at most, which Grafana 11, 12 and 13 all read from files; never anything of the newer
// kinds. What the library writes and those versions do not know is taken out again.

import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { annotations } from './annotations.ts'
import { place, type Section } from './layout.ts'
import { type BoardVariable, commonVariables } from './variables.ts'

const TAGS: readonly string[] = ['asterisk', 'voip']

/** What a board is. `uid` is its file's name and its address, for good. */
export interface BoardPlan {
  readonly uid: string
  readonly title: string
  readonly description: string
  /** The span that it opens with, such as `now-6h`. */
  readonly from: string
  readonly refresh?: '10s' | '30s'
  readonly variables?: readonly BoardVariable[]
  /** Whether it asks no Prometheus, so that the choice of one is only kept for the other boards. */
  readonly withoutPrometheus?: boolean
  readonly sections: readonly Section[]
}

/** The board as Grafana reads it. */
export function dashboard(plan: BoardPlan): Dashboard {
  const builder = new DashboardBuilder(plan.title)
    .uid(plan.uid)
    .description(plan.description)
    .tags([...TAGS])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: plan.from, to: 'now' })
    .refresh(plan.refresh ?? '30s')
    .variables([...commonVariables({ hidden: plan.withoutPrometheus ?? false }), ...(plan.variables ?? [])])
    .annotations([...annotations(plan.uid)])
    .link(otherBoards())
  return readable({ ...builder.build(), panels: [...place(plan.sections)] })
}

function otherBoards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Asterisk')
    .type(DashboardLinkType.Dashboards)
    .tags([...TAGS])
    .icon('external link')
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true)
}

// `placement` is not known to Grafana 11; the automatic steps belong to another kind of variable; a table's footer moved.
function readable(board: Dashboard): Dashboard {
  const { list = [] } = board.annotations
  return {
    ...board,
    links: (board.links ?? []).map(unplaced),
    annotations: { list: list.map(unplaced) },
    templating: { list: (board.templating.list ?? []).map(withoutSteps) },
    panels: (board.panels ?? []).map((panel) =>
      'panels' in panel ? { ...panel, panels: panel.panels.map(current) } : current(panel),
    ),
  }
}

function current(panel: Panel): Panel {
  const links = panel.links === undefined ? {} : { links: panel.links.map(unplaced) }
  const { footer: _, ...options } = { footer: null, ...panel.options }
  return { ...panel, ...links, options }
}

function unplaced<Placed extends DashboardLink | AnnotationQuery>({
  placement: _,
  ...rest
}: Placed): Omit<Placed, 'placement'> {
  return rest
}

function withoutSteps({ auto: _, auto_min: __, auto_count: ___, ...rest }: VariableModel): VariableModel {
  return rest
}
