// What the reader of a board can choose.
//
// Every board has the same first three, so that a choice is kept on the way from one board to the next. Values come from
// the series that are there; `All` is `.+`, so that a series without the label is left out.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import type { CounterEntry, GaugeEntry } from '../src/metrics/catalogue/entry.ts'
import { CALL_LOG, PROMETHEUS, PROVISIONED } from './dataSource.ts'
import { series } from './promql.ts'

export type BoardVariable = Builder<VariableModel>

const ALL = { text: ['All'], value: ['$__all'] }

/** Prometheus, job and instance. `hidden`: kept for the links to other boards, on one that asks no Prometheus. */
export function commonVariables({ hidden = false }: { readonly hidden?: boolean } = {}): readonly BoardVariable[] {
  const hide = hidden ? VariableHide.HideVariable : VariableHide.DontHide
  // Always there, and nobody else's.
  const { name } = CATALOGUE.buildInfo
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Prometheus')
      .description('The Prometheus that scrapes the exporter.')
      .type('prometheus')
      .current({ text: PROVISIONED.prometheus.name, value: PROVISIONED.prometheus.uid })
      .hide(hide),
    choice(
      { name: 'job', label: 'Job', description: 'The scrape job of the exporters.' },
      `label_values(${name}, job)`,
    ).hide(hide),
    choice(
      { name: 'instance', label: 'PBX', description: 'The exporters, one for each PBX.' },
      `label_values(${name}{job=~"$job"}, instance)`,
    ).hide(hide),
  ]
}

/** The exporter's JSON API. */
export function callLogVariable(): BoardVariable {
  return new DatasourceVariableBuilder('calllog')
    .label('Call log')
    .description('The exporter whose call log is asked, through the plugin Infinity.')
    .type(CALL_LOG.type ?? '')
    .current({ text: PROVISIONED.callLog.name, value: PROVISIONED.callLog.uid })
}

/** How a variable is called and what it chooses. */
export interface VariableFace {
  readonly name: string
  readonly label: string
  readonly description: string
}

/** The values that a label of a metric has, several or all of them. */
export function labelVariable<Metric extends CounterEntry | GaugeEntry>(
  face: VariableFace,
  metric: Metric,
  label: keyof Metric['labels'] & string,
): BoardVariable {
  return choice(face, `label_values(${series(metric)}, ${label})`)
}

/** Several or all of a closed list. `all` is what stands for all of them. */
export function listVariable(face: VariableFace, values: readonly string[], all = '.+'): BoardVariable {
  return new CustomVariableBuilder(face.name)
    .label(face.label)
    .description(face.description)
    .values(values.join(','))
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .allowCustomValue(false)
    .current(ALL)
}

/** One of a closed list; the first unless said otherwise. `texts`: what the reader sees in place of the value. */
export function oneOfVariable(
  face: VariableFace,
  options: readonly { readonly text: string; readonly value: string }[],
  first = options[0],
): BoardVariable {
  const builder = new CustomVariableBuilder(face.name)
    .label(face.label)
    .description(face.description)
    .values(options.map(({ text, value }) => (text === value ? value : `${text} : ${value}`)).join(','))
    .allowCustomValue(false)
  return first === undefined ? builder : builder.current({ ...first })
}

/** Whatever the reader writes. */
export function textVariable(face: VariableFace, first: string): BoardVariable {
  return new TextBoxVariableBuilder(face.name)
    .label(face.label)
    .description(face.description)
    .defaultValue(first)
    .current({ text: first, value: first })
}

function choice(face: VariableFace, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(face.name)
    .label(face.label)
    .description(face.description)
    .datasource(PROMETHEUS)
    .query({ query, refId: `variable-${face.name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current(ALL)
}
