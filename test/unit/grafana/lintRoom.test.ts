// The rules about room: each reports a fault on an otherwise valid board.

import { expect, test } from 'vitest'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Board, Panel } from './board.ts'
import { board, CALLS, SCOPE, WAITING, withPanel } from './broken.ts'
import { lint } from './lint.ts'
import { ROOM_RULES } from './lintRoom.ts'
import { textWidth } from './textWidth.ts'

interface TableChange {
  readonly headings: readonly string[]
  readonly widths?: Readonly<Record<string, number>>
  readonly minWidth?: number
  readonly sortBy?: readonly string[]
  readonly filterable?: boolean
  /** A last column for the site. */
  readonly site?: string
}

/** The board with its first graph replaced by a table of 12 columns of the grid. */
const withTable = ({
  headings,
  widths = {},
  minWidth = 60,
  sortBy = [],
  filterable = false,
  site,
}: TableChange): Board =>
  withPanel('timeseries', ({ gridPos }) => ({
    type: 'table',
    gridPos: { ...gridPos, w: 12 },
    options: { sortBy: sortBy.map((displayName) => ({ displayName })) },
    transformations: [
      {
        id: 'organize',
        options: {
          renameByName: {
            ...Object.fromEntries(headings.map((name, n) => [`Value #${n}`, name])),
            ...(site === undefined ? {} : { cluster: site }),
          },
        },
      },
    ],
    fieldConfig: {
      defaults: { unit: 'short', noValue: '–', custom: { minWidth, filterable } },
      overrides: Object.entries(widths).map(([name, width]) => ({
        matcher: { id: 'byName', options: name },
        properties: [{ id: 'custom.width', value: width }],
      })),
    },
  }))

/** The board with its first figure renamed and of another size. */
const withFigure = (change: { readonly names: readonly string[]; readonly unit?: string; readonly text?: object }) =>
  withPanel('stat', ({ gridPos, fieldConfig, options, targets: [target] = [] }: Panel) => ({
    gridPos: { ...gridPos, w: 4 },
    options: { ...Object(options), textMode: 'value_and_name', text: change.text ?? { titleSize: 14 } },
    fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig?.defaults, unit: change.unit ?? 'short' } },
    targets: change.names.map((legendFormat) => ({ ...target, legendFormat })),
  }))

/** The board with its first figure as rows, one for each PBX. */
const withRows = (expr: string): Board =>
  withPanel('stat', ({ options, targets: [target] = [] }: Panel) => ({
    options: { ...Object(options), orientation: 'horizontal' },
    targets: [{ ...target, expr, legendFormat: '{{instance}}' }],
  }))

const withWords = (noValue: string): Board =>
  withPanel('stat', ({ fieldConfig }) => ({
    fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig?.defaults, noValue } },
  }))

interface UnitChange {
  readonly unit: string
  readonly decimals?: number
  readonly expr?: string
}

/** The board with the first panel of a type in another unit, and with another query. */
const withUnit = (type: string, { unit, decimals, expr }: UnitChange): Board =>
  withPanel(type, ({ fieldConfig, targets: [target] = [] }) => ({
    fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig?.defaults, unit, decimals } },
    targets: [{ ...target, expr: expr ?? target?.expr }],
  }))

const AGE = `time() - max(${CATALOGUE.startTime.name}{${SCOPE}})`
const FOUR = ['Calls', 'Missed', 'Answered', 'Abandoned']

/** Rule -> boards that violate it, and those that nearly do. */
const CASES: Readonly<
  Record<keyof typeof ROOM_RULES, { readonly bad: readonly Board[]; readonly good: readonly Board[] }>
> = {
  'columns-have-room': {
    bad: [
      withTable({ headings: FOUR, minWidth: 170 }),
      withTable({ headings: FOUR, widths: { Calls: 300, Missed: 300 } }),
      withTable({ headings: FOUR, widths: { Abandoned: 80 } }),
      withTable({ headings: FOUR, widths: { Abandoned: 100 }, filterable: true }),
      withTable({ headings: FOUR, widths: { Abandoned: 100 }, sortBy: ['Abandoned'] }),
      withTable({ headings: [...FOUR, 'Staffed agents, average'] }),
      withTable({ headings: FOUR, minWidth: 150, site: 'Site' }),
    ],
    good: [
      withTable({ headings: FOUR }),
      withTable({ headings: FOUR, minWidth: 150 }),
      withTable({ headings: FOUR, minWidth: 120, site: 'Site' }),
      withTable({ headings: FOUR, widths: { Abandoned: 100 } }),
      withTable({ headings: [...FOUR, 'Staffed agents, average'], widths: { Calls: 60, Missed: 80, Answered: 90 } }),
    ],
  },
  'figures-have-room': {
    bad: [
      withFigure({ names: ['free', 'ringing', 'wrap-up', 'talking'] }),
      withFigure({ names: ['Nobody tried for it yet'], text: { titleSize: 24 } }),
      withFigure({ names: ['Wait', 'Try'], unit: 'dthms', text: { titleSize: 14, valueSize: 46 } }),
    ],
    good: [
      withFigure({ names: ['free', 'wrap-up'] }),
      withFigure({ names: ['Wait'], unit: 'dthms', text: { titleSize: 14, valueSize: 40 } }),
      withFigure({ names: ['Wait', 'Try'], text: { titleSize: 14, valueSize: 46 } }),
    ],
  },
  'rows-are-few': {
    bad: [withRows(WAITING), withRows(`topk(4, ${WAITING})`)],
    good: [withRows(`topk(3, ${WAITING})`), withRows('max by (cluster, instance) (asterisk_fleet_central_up{})')],
  },
  'words-of-nothing-readable': {
    bad: [withWords('not known: scrape Asterisk’s own metrics too')],
    good: [withWords('needs res_prometheus')],
  },
  'ticks-apart': {
    bad: [withUnit('timeseries', { unit: 's', decimals: 0 })],
    good: [withUnit('timeseries', { unit: 'suffix:min', decimals: 0 })],
  },
  'ages-in-words': {
    bad: [withUnit('stat', { unit: 's', expr: AGE })],
    good: [
      withUnit('stat', { unit: 'dtdurations', decimals: 1, expr: AGE }),
      withUnit('stat', { unit: 's', decimals: 1, expr: AGE }),
    ],
  },
  'ticks-whole': {
    bad: [
      withUnit('timeseries', { unit: 'short', expr: WAITING }),
      withUnit('timeseries', { unit: 'short', expr: `round(sum(increase(${CALLS}[10m])))` }),
    ],
    good: [
      withUnit('timeseries', { unit: 'short', decimals: 0, expr: WAITING }),
      withUnit('timeseries', { unit: 'short', expr: `avg_over_time(${WAITING}[10m])` }),
    ],
  },
}

const cases = (kind: 'bad' | 'good') =>
  Object.entries(CASES).flatMap(([rule, each]) => each[kind].map((board, index) => [rule, index, board] as const))
const rulesOf = (one: Board) => lint(one).map(({ rule }) => rule)

test('each rule has a board that violates it', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(ROOM_RULES).sort())
  expect(rulesOf(board)).toEqual([])
})

test.each(cases('bad'))('%s reports the fault (%i)', (rule, _index, broken) => {
  expect(rulesOf(broken)).toContain(rule)
})

test.each(cases('good'))('%s accepts what has room (%i)', (rule, _index, sound) => {
  expect(rulesOf(sound)).not.toContain(rule)
})

test('a text is as wide as its characters', () => {
  // Measured on pictures, at 14 pixels: `Answered, 30 min` and `00:46:23` at 46.
  expect(textWidth('wrap-up', 14)).toBeCloseTo(56, -1)
  expect(textWidth('00:46:23', 46)).toBeCloseTo(195, -1)
  expect(textWidth('', 14)).toBe(0)
})
