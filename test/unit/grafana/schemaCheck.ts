// Type check of boards: each board, variable, annotation and panel, its options, its field configuration and its overrides
// become literals of a TypeScript file, and the compiler reports those that do not conform to Grafana's types.
//
// Keys that Grafana writes and its schema lacks are excluded by name. Source: @grafana/schema.

import { typeErrors } from '../typeErrors.ts'
import { type Board, type Panel, panelsOf } from './board.ts'

/** Panel type -> the schema's folder and file; null: it has no custom field options. */
const KINDS = {
  stat: ['stat', 'Stat'],
  bargauge: ['bargauge', 'BarGauge'],
  timeseries: ['timeseries', 'TimeSeries'],
  table: ['table', 'Table'],
  'state-timeline': ['statetimeline', 'StateTimeline'],
  heatmap: ['heatmap', 'Heatmap'],
  text: ['text', 'Text'],
} as const
const WITHOUT_CUSTOM: readonly string[] = ['stat', 'bargauge', 'text']

/**
 * Keys that Grafana's Prometheus data source uses and the types lack: the text of a variable's query, and the query and texts of
 * an annotation.
 */
const WIDER = { variable: ['definition'], annotation: ['target', 'titleFormat', 'textFormat', 'tagKeys'] } as const

/** Keys of Grafana 11 and 12 that have another name in 13; boards have both. */
const OLDER: readonly string[] = ['custom.hidden']

// Enums are their string values, as in JSON.
const PRELUDE = `
import type { AnnotationQuery, Dashboard, FieldConfig, Panel, RowPanel, VariableModel } from '@grafana/schema'
${Object.values(KINDS)
  .map(([folder, file]) => `import type * as ${folder} from '${pathOf(folder, file)}'`)
  .join('\n')}
type Written<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends number ? (number extends T ? number : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends readonly (infer Item)[] ? Written<Item>[]
  : T extends object ? { [Key in keyof T]: Written<T[Key]> }
  : T
type Values<Custom> = Required<Omit<FieldConfig, 'custom'>> &
  { [Key in keyof Custom as \`custom.\${Key & string}\`]-?: Custom[Key] }
`

function pathOf(folder: string, file: string): string {
  return `@grafana/schema/dist/esm/raw/composable/${folder}/panelcfg/x/${file}PanelCfg_types.gen`
}

/** The errors of the compiler, each with the place on the board. Takes a second or two. */
export async function schemaFaults(boards: readonly Board[]): Promise<readonly string[]> {
  const claims = boards.flatMap(claimsOf)
  const lines = claims.map(({ type, value }, index) => `export const c${index}: ${type} = ${JSON.stringify(value)}`)
  const errors = await typeErrors('boards.ts', `${lines.join('\n')}\n${PRELUDE}`)
  return errors.flatMap((line) => {
    const [, at, what] = /^boards\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? []
    return at === undefined ? [] : [`${claims[Number(at) - 1]?.where}: ${what}`]
  })
}

/** A literal and its type. */
interface Claim {
  readonly where: string
  readonly type: string
  readonly value: unknown
}

function claimsOf(board: Board): readonly Claim[] {
  const { panels: _, templating, annotations, ...rest } = board
  const claim = (where: string, type: string, value: unknown): Claim => ({
    where: `${board.uid} / ${where}`,
    type: `Written<${type}>`,
    value,
  })
  return [
    claim('board', "Omit<Dashboard, 'panels' | 'templating' | 'annotations'>", rest),
    ...templating.list.map((each) => claim(`variable ${each.name}`, 'VariableModel', without(each, WIDER.variable))),
    ...annotations.list.map((each) =>
      claim(`annotation ${each.name}`, "Omit<AnnotationQuery, 'target'>", without(each, WIDER.annotation)),
    ),
    ...panelsOf(board).flatMap((panel) => panelClaims(panel, (...claimed) => claim(panel.title ?? '', ...claimed))),
  ]
}

function panelClaims(panel: Panel, claim: (type: string, value: unknown) => Claim): readonly Claim[] {
  const { options, fieldConfig, panels: _, ...rest } = panel
  if (panel.type === 'row') {
    return [claim("Omit<RowPanel, 'panels'>", rest)]
  }
  const [folder] = KINDS[panel.type as keyof typeof KINDS] ?? [`nothing_of_${panel.type}`]
  const custom = WITHOUT_CUSTOM.includes(panel.type) ? 'Record<string, never>' : `Partial<${folder}.FieldConfig>`
  const { custom: own = {}, ...defaults } = fieldConfig?.defaults ?? {}
  return [
    claim("Omit<Panel, 'options' | 'fieldConfig'>", rest),
    claim(`Partial<${folder}.Options>`, options),
    claim("Omit<FieldConfig, 'custom'>", defaults),
    claim(custom, own),
    ...(fieldConfig?.overrides ?? []).flatMap((override) =>
      propertiesOf(override)
        .filter(({ id }) => !OLDER.includes(id))
        .map(({ id, value }) => claim(`Values<${custom}>['${id}']`, value)),
    ),
  ]
}

interface Property {
  readonly id: string
  readonly value: unknown
}

function propertiesOf(override: unknown): readonly Property[] {
  return (override as { readonly properties: readonly Property[] }).properties
}

function without(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}
