// A board: reads its file, variables and annotations, and places its panels.
//
// Sets `data-ready` on the body when all panels are drawn, and a picture can be taken.

import type { GrafanaTheme2, TimeRange } from '@grafana/data'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import type { Board, Panel } from './boardJson.ts'
import { heightOf, placeOf, visiblePanels } from './layout.ts'
import { readMarks } from './marks.ts'
import { PanelView } from './panel.tsx'
import { boardSpan, readVariables, type Variables } from './variables.ts'
import type { Mark } from './viz/viz.ts'

const PADDING = 16
/** Time for fonts and canvases. */
const SETTLE_MS = 800

interface Opened {
  readonly board: Board
  readonly range: TimeRange
  readonly variables: Variables
  readonly marks: readonly Mark[]
}

async function open(given: URLSearchParams, theme: GrafanaTheme2): Promise<Opened> {
  const board: Board = await (await fetch(`/boards/${given.get('board')}.json`)).json()
  const range = boardSpan(board, Number(given.get('at')))
  const variables = await readVariables(board, range, given)
  return { board, range, variables, marks: await readMarks(board, { range, variables, theme }) }
}

export function BoardView({ given, theme }: { readonly given: URLSearchParams; readonly theme: GrafanaTheme2 }) {
  const [opened, setOpened] = useState<Opened>()
  const [fault, setFault] = useState<string>()
  useEffect(() => {
    open(given, theme).then(setOpened, (error: unknown) => setFault(String(error)))
  }, [given, theme])
  useEffect(() => {
    if (fault !== undefined) {
      document.body.dataset['ready'] = 'fault'
    }
  }, [fault])
  if (opened === undefined) {
    return <p>{fault}</p>
  }
  return <Shown {...opened} given={given} theme={theme} />
}

type ShownProps = Opened & { readonly given: URLSearchParams; readonly theme: GrafanaTheme2 }

function Shown({ board, range, variables, marks, given, theme }: ShownProps) {
  const panels = visiblePanels(board.panels, given.has('unfold'))
  const drawn = panels.filter(({ type }) => type !== 'row')
  const ready = useRef(0)
  const onReady = () => {
    ready.current += 1
    if (ready.current === drawn.length) {
      setTimeout(() => document.body.setAttribute('data-ready', 'all'), SETTLE_MS)
    }
  }
  const width = window.innerWidth - 2 * PADDING
  return (
    <>
      <Header
        board={board}
        variables={variables}
        theme={theme}
        isKiosk={given.has('kiosk')}
        until={range.to.utc().format('ddd HH:mm')}
      />
      <div style={{ position: 'relative', margin: `0 ${PADDING}px`, height: heightOf(panels) + PADDING }}>
        {panels.map((panel) =>
          panel.type === 'row' ? (
            <RowTitle
              key={panel.id}
              panel={panel}
              style={placeOf(panel.gridPos, width)}
              isUnfolded={given.has('unfold')}
            />
          ) : (
            <PanelView
              key={panel.id}
              panel={panel}
              place={placeOf(panel.gridPos, width)}
              {...{ variables, range, theme, marks, onReady }}
            />
          ),
        )}
      </div>
    </>
  )
}

interface RowProps {
  readonly panel: Panel
  readonly style: CSSProperties
  readonly isUnfolded: boolean
}

function RowTitle({ panel, style, isUnfolded }: RowProps) {
  const inside = panel.panels?.length ?? 0
  const isFolded = inside > 0 && !isUnfolded
  return (
    <div style={{ ...style, display: 'flex', alignItems: 'center', gap: 8, fontWeight: 500 }}>
      <span>{isFolded ? '›' : '⌄'}</span>
      {panel.title}
      {isFolded && <span style={{ opacity: 0.6, fontWeight: 400 }}>({inside} panels)</span>}
    </div>
  )
}

interface HeaderProps {
  readonly board: Board
  readonly variables: Variables
  readonly theme: GrafanaTheme2
  readonly isKiosk: boolean
  readonly until: string
}

// Not Grafana's: the variables and annotations.
function Header({ board, variables, theme, isKiosk, until }: HeaderProps) {
  const pill = { border: `1px solid ${theme.colors.border.medium}`, borderRadius: 2, padding: '3px 8px', fontSize: 12 }
  const choices = isKiosk
    ? []
    : [
        ...board.templating.list
          .filter(({ hide }) => hide !== 2)
          .map(({ name, label = name }) => `${label}: ${variables[name]?.text}`),
        ...board.annotations.list
          .filter(({ hide }) => hide !== true)
          .map(({ name, enable }) => `${enable ? '◉' : '○'} ${name}`),
        ...board.links.map(({ title }) => `${title} ▾`),
      ]
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center', padding: `10px ${PADDING}px` }}>
      <b style={{ marginRight: 16 }}>{board.title}</b>
      {choices.map((choice) => (
        <span key={choice} style={pill}>
          {choice}
        </span>
      ))}
      <span style={{ ...pill, marginLeft: 'auto' }}>
        {board.time.from} … {until} UTC
      </span>
    </div>
  )
}
