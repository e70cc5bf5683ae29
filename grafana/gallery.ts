// Boards for the import in Grafana's browser, and for grafana.com: Grafana asks which data source each input is.
//
// The same boards as in dashboards/, except that an input takes the place of each variable that selects a data source; so links
// have no such variable to pass on. What Grafana's import replaces: `${NAME}` in any text, where NAME is in `__inputs`.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CALL_LOG, PROMETHEUS } from './dataSource.ts'

/** A board with what it asks for at an import, and what it needs. */
export interface ImportedBoard extends Dashboard {
  readonly __inputs: readonly Input[]
  readonly __elements: Readonly<Record<string, never>>
  readonly __requires: readonly Requirement[]
}

interface Input {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly type: 'datasource'
  readonly pluginId: string
  readonly pluginName: string
}

interface Requirement {
  readonly type: 'grafana' | 'datasource' | 'panel'
  readonly id: string
  readonly name: string
  readonly version: string
}

/** The oldest Grafana, and the plugin, with which the boards are meant to work. */
const GRAFANA: Requirement = { type: 'grafana', id: 'grafana', name: 'Grafana', version: '11.0.0' }

const SOURCES = [
  {
    variable: PROMETHEUS.uid ?? '',
    version: '1.0.0',
    input: {
      name: 'DS_PROMETHEUS',
      label: 'Prometheus',
      description: 'The Prometheus that scrapes the exporter.',
      type: 'datasource',
      pluginId: 'prometheus',
      pluginName: 'Prometheus',
    },
  },
  {
    variable: CALL_LOG.uid ?? '',
    version: '4.0.0',
    input: {
      name: 'DS_CALL_LOG',
      label: 'Call log',
      description: 'The exporter whose call log is queried, through the plugin Infinity.',
      type: 'datasource',
      pluginId: CALL_LOG.type ?? '',
      pluginName: 'Infinity',
    },
  },
] as const satisfies readonly { readonly variable: string; readonly version: string; readonly input: Input }[]

/** Names of panels as Grafana lists them. */
const PANELS: Readonly<Record<string, string>> = {
  bargauge: 'Bar gauge',
  heatmap: 'Heatmap',
  stat: 'Stat',
  'state-timeline': 'State timeline',
  table: 'Table',
  text: 'Text',
  timeseries: 'Time series',
}

/** The board as it is imported. The reader may change it: it is a copy. */
export function forImport(board: Dashboard): ImportedBoard {
  const written = JSON.stringify({ ...board, editable: true, templating: { list: variablesWithoutSources(board) } })
  const used = SOURCES.filter(({ variable }) => written.includes(`"${variable}"`))
  return {
    __inputs: used.map(({ input }) => input),
    __elements: {},
    __requires: [
      GRAFANA,
      ...panelTypes(board).map((id): Requirement => ({ type: 'panel', id, name: PANELS[id] ?? id, version: '' })),
      ...used.map(
        ({ input, version }): Requirement => ({
          type: 'datasource',
          id: input.pluginId,
          name: input.pluginName,
          version,
        }),
      ),
    ],
    ...parsed(SOURCES.reduce(withInput, written)),
  }
}

function variablesWithoutSources({ templating }: Dashboard): Dashboard['templating']['list'] {
  return (templating.list ?? []).filter(({ type }) => type !== 'datasource')
}

// `$datasource` selects a data source; `${datasource:queryparam}&` passes the choice on to another board.
function withInput(written: string, { variable, input }: (typeof SOURCES)[number]): string {
  return written
    .replaceAll(`"${variable}"`, `"\${${input.name}}"`)
    .replaceAll(`\${${variable.slice(1)}:queryparam}&`, '')
}

function parsed(text: string): Dashboard {
  return JSON.parse(text)
}

function panelTypes({ panels = [] }: Dashboard): readonly string[] {
  const all = panels.flatMap((panel) => ('panels' in panel ? panel.panels : [panel]))
  return [...new Set(all.map(({ type }) => type))].sort()
}
