// A complete board: the properties that all boards share, and those of each.
//
// Classic JSON of schema version 42 at most, which Grafana 11, 12 and 13 read from files; never one of the newer formats.
// Properties that the SDK writes and these versions do not know are removed.

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

/** The properties of a board. `uid` is its file name and part of its address, and never changes. */
export interface BoardPlan {
  readonly uid: string
  readonly title: string
  readonly description: string
  /** Start of the default time range, such as `now-6h`. */
  readonly from: string
  readonly refresh?: '10s' | '30s'
  readonly variables?: readonly BoardVariable[]
  /** true: it does not query Prometheus; the variables for that are hidden, and kept for links to other boards. */
  readonly withoutPrometheus?: boolean
  readonly sections: readonly Section[]
}

/** The board as Grafana's JSON. */
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
  return compatible({ ...builder.build(), panels: [...place(plan.sections)] })
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

// Grafana 11 does not know `placement`; automatic steps belong to another kind of variable; the footer of a table has moved.
function compatible(board: Dashboard): Dashboard {
  const { list = [] } = board.annotations
  return {
    ...board,
    links: (board.links ?? []).map(withoutPlacement),
    annotations: { list: list.map(withoutPlacement) },
    templating: { list: (board.templating.list ?? []).map(withoutSteps) },
    panels: (board.panels ?? []).map((panel) =>
      'panels' in panel ? { ...panel, panels: panel.panels.map(withoutFooter) } : withoutFooter(panel),
    ),
  }
}

function withoutFooter(panel: Panel): Panel {
  const links = panel.links === undefined ? {} : { links: panel.links.map(withoutPlacement) }
  const { footer: _, ...options } = { footer: null, ...panel.options }
  return { ...panel, ...links, options }
}

function withoutPlacement<Placed extends DashboardLink | AnnotationQuery>({
  placement: _,
  ...rest
}: Placed): Omit<Placed, 'placement'> {
  return rest
}

function withoutSteps({ auto: _, auto_min: __, auto_count: ___, ...rest }: VariableModel): VariableModel {
  return rest
}
