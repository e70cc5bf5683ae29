// Variables of the boards.
//
// All boards have the same first four, so that a link to another board keeps the selection. Values come from existing series;
// `All` is `.+`, which excludes series without the label; for the site it is `.*`, because a single Prometheus has no such label.

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
import { SITE, series } from './promql.ts'

export type BoardVariable = Builder<VariableModel>

const ALL = { text: ['All'], value: ['$__all'] }

/** Prometheus, site, job and instance. `hidden`: not shown, but kept for links to other boards. */
export function commonVariables({ hidden = false }: { readonly hidden?: boolean } = {}): readonly BoardVariable[] {
  const hide = hidden ? VariableHide.HideVariable : VariableHide.DontHide
  // Always present, and only on an exporter: the program in fleet mode has none.
  const { name } = CATALOGUE.up
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Prometheus')
      .description('The Prometheus that scrapes the exporter.')
      .type('prometheus')
      .current({ text: PROVISIONED.prometheus.name, value: PROVISIONED.prometheus.uid })
      .hide(hide),
    choice(
      { name: SITE, label: 'Site', description: 'The sites, if a Prometheus has several: the label cluster.' },
      `label_values(${name}, ${SITE})`,
      '.*',
    ).hide(hide),
    choice(
      { name: 'job', label: 'Job', description: 'The scrape job of the exporters.' },
      `label_values(${name}{${SITE}=~"$${SITE}"}, job)`,
    ).hide(hide),
    choice(
      { name: 'instance', label: 'PBX', description: 'The exporters, one for each PBX.' },
      `label_values(${name}{${SITE}=~"$${SITE}", job=~"$job"}, instance)`,
    ).hide(hide),
  ]
}

/** The exporter's JSON API. */
export function callLogVariable(): BoardVariable {
  return new DatasourceVariableBuilder('calllog')
    .label('Call log')
    .description('The exporter whose call log is queried, through the plugin Infinity.')
    .type(CALL_LOG.type ?? '')
    .current({ text: PROVISIONED.callLog.name, value: PROVISIONED.callLog.uid })
}

/** Name, label and description of a variable. */
export interface VariableOptions {
  readonly name: string
  readonly label: string
  readonly description: string
}

/** Values of a label of a metric: one, several or all. */
export function labelVariable<Metric extends CounterEntry | GaugeEntry>(
  options: VariableOptions,
  metric: Metric,
  label: keyof Metric['labels'] & string,
): BoardVariable {
  return choice(options, `label_values(${series(metric)}, ${label})`)
}

/** One, several or all values of a closed list. `all`: the value of All. */
export function listVariable(options: VariableOptions, values: readonly string[], all = '.+'): BoardVariable {
  return new CustomVariableBuilder(options.name)
    .label(options.label)
    .description(options.description)
    .values(values.join(','))
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .allowCustomValue(false)
    .current(ALL)
}

/** One value of a closed list; default: the first. `text` is shown in place of the value. */
export function oneOfVariable(
  { name, label, description }: VariableOptions,
  options: readonly { readonly text: string; readonly value: string }[],
  first = options[0],
): BoardVariable {
  const builder = new CustomVariableBuilder(name)
    .label(label)
    .description(description)
    .values(options.map(({ text, value }) => (text === value ? value : `${text} : ${value}`)).join(','))
    .allowCustomValue(false)
  return first === undefined ? builder : builder.current({ ...first })
}

/** A text box. */
export function textVariable(options: VariableOptions, first: string): BoardVariable {
  return new TextBoxVariableBuilder(options.name)
    .label(options.label)
    .description(options.description)
    .defaultValue(first)
    .current({ text: first, value: first })
}

function choice(options: VariableOptions, query: string, all = '.+'): QueryVariableBuilder {
  return new QueryVariableBuilder(options.name)
    .label(options.label)
    .description(options.description)
    .datasource(PROMETHEUS)
    .query({ query, refId: `variable-${options.name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current(ALL)
}
