// A panel: runs its queries, transforms and configures the results, and draws them in Grafana's frame.
//
// The error of a panel is shown in the panel, and does not affect the board.

import {
  type DataFrame,
  type GrafanaTheme2,
  LoadingState,
  rangeUtil,
  standardTransformers,
  standardTransformersRegistry,
  type TimeRange,
  transformDataFrame,
} from '@grafana/data'
import { PanelChrome } from '@grafana/ui'
import { Component, type CSSProperties, type FC, type ReactNode, useEffect, useState } from 'react'
import { lastValueFrom } from 'rxjs'
import type { Panel } from './boardJson.ts'
import { callLogFrame, isOfCallLog } from './callLog.ts'
import { configured, fieldConfigOf } from './fieldConfig.ts'
import { framesOf } from './prometheus.ts'
import { fillIn, macrosOf, spanOf, type Variables } from './variables.ts'
import { Graph } from './viz/graph.tsx'
import { Heat } from './viz/heat.tsx'
import { Bars, Stat } from './viz/stat.tsx'
import { States } from './viz/states.tsx'
import { Table, Words } from './viz/table.tsx'
import type { Mark, VizProps } from './viz/viz.ts'

const DRAWN_BY: Readonly<Record<string, FC<VizProps>>> = {
  stat: Stat,
  bargauge: Bars,
  timeseries: Graph,
  table: Table,
  'state-timeline': States,
  heatmap: Heat,
  text: Words,
}

standardTransformersRegistry.setInit(() =>
  [...new Map(Object.values(standardTransformers).map((each) => [each.id, each])).values()].map((each) => ({
    id: each.id,
    name: each.name,
    transformation: async () => each,
    editor: () => null,
    imageDark: '',
    imageLight: '',
  })),
)

export interface PanelContext {
  readonly variables: Variables
  readonly range: TimeRange
  readonly theme: GrafanaTheme2
  readonly marks: readonly Mark[]
}

interface PanelProps extends PanelContext {
  readonly panel: Panel
  readonly place: CSSProperties & { readonly width: number; readonly height: number }
  /** Called once, when the panel is drawn. */
  readonly onReady: () => void
}

interface Answer {
  readonly frames: DataFrame[]
  readonly fault?: string
}

export function PanelView({ panel, place, onReady, ...context }: PanelProps) {
  const { width, height } = place
  const [answer, setAnswer] = useState<Answer>()
  const range = spanOf(panel, context.range)
  const fieldConfig = fieldConfigOf(panel)
  const replaced = (text: string) => fillIn(text, context.variables, macrosOf(panel, range, width).macros)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a panel runs its queries once, when it appears
  useEffect(() => {
    resultsOf(panel, { ...context, range, width })
      .then((frames) => configured(frames, fieldConfig, { theme: context.theme, replaceVariables: replaced }))
      .then((frames) => setAnswer({ frames }))
      .catch((error: unknown) => setAnswer({ frames: [], fault: String(error) }))
      .finally(onReady)
  }, [])
  const Drawn = DRAWN_BY[panel.type]
  return (
    <div style={place}>
      <PanelChrome
        width={width}
        height={height}
        title={replaced(panel.title ?? '')}
        description={panel.description}
        displayMode={panel.transparent === true ? 'transparent' : 'default'}
        padding={panel.type === 'table' ? 'none' : 'md'}
        hoverHeader={!panel.title}
        loadingState={answer === undefined ? LoadingState.Loading : LoadingState.Done}
        statusMessage={answer?.fault}
        titleItems={panel.timeFrom === undefined ? undefined : <OwnSpan span={panel.timeFrom} theme={context.theme} />}
      >
        {(width, height) =>
          answer === undefined || Drawn === undefined ? (
            <span>{Drawn === undefined ? `nothing draws ${panel.type} here` : ''}</span>
          ) : (
            <Fence>
              <Drawn {...context} {...{ panel, fieldConfig, range, width, height, frames: answer.frames }} />
            </Fence>
          )
        }
      </PanelChrome>
    </div>
  )
}

type QueryContext = PanelContext & { readonly width: number }

async function resultsOf(panel: Panel, { variables, range, width }: QueryContext): Promise<DataFrame[]> {
  const targets = panel.targets ?? []
  const { macros, stepMs } = macrosOf(panel, range, Math.round(width))
  const answers = targets.map(async (target) => {
    if (isOfCallLog(target)) {
      return [await callLogFrame(target, variables, macros)]
    }
    const expr = fillIn(target.expr, variables, macros)
    return framesOf({ target, expr, range, stepMs, isOnly: targets.length === 1 })
  })
  const frames = (await Promise.all(answers)).flat()
  return panel.transformations === undefined ? frames : lastValueFrom(transformDataFrame(panel.transformations, frames))
}

function OwnSpan({ span, theme }: { readonly span: string; readonly theme: GrafanaTheme2 }) {
  const { display } = rangeUtil.describeTextRange(span)
  return <span style={{ fontSize: 12, color: theme.colors.text.secondary }}>◷ {display}</span>
}

class Fence extends Component<{ readonly children: ReactNode }, { readonly fault?: string }> {
  override state: { readonly fault?: string } = {}
  static getDerivedStateFromError(error: Error) {
    return { fault: error.message }
  }
  override render() {
    return this.state.fault === undefined ? this.props.children : <pre>{this.state.fault}</pre>
  }
}
