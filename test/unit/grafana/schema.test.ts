// Every board conforms to Grafana's own types, and a fault is reported with its place.

import { expect, test } from 'vitest'
import type { Board, Panel } from './board.ts'
import { committedBoards } from './queries.ts'
import { schemaFaults } from './schemaCheck.ts'

const boards = committedBoards()

/** The first board with a panel of that type, and that panel changed. */
function withPanel(type: string, change: (panel: Panel) => object): Board {
  const board = boards.find(({ panels }) => panels.some((panel) => panel.type === type))
  if (board === undefined) {
    throw new Error(`no board has a ${type}`)
  }
  const at = board.panels.findIndex((panel) => panel.type === type)
  const panels = board.panels.map((panel, index) => (index === at ? { ...panel, ...change(panel) } : panel))
  return { ...board, panels }
}

const withOptions = (type: string, more: object): Board =>
  withPanel(type, ({ options }) => ({ options: { ...Object(options), ...more } }))

const withOverride = (type: string, id: string, value: unknown): Board =>
  withPanel(type, ({ fieldConfig }) => ({
    fieldConfig: {
      ...fieldConfig,
      overrides: [{ matcher: { id: 'byName', options: 'x' }, properties: [{ id, value }] }],
    },
  }))

/** Boards with a fault, and the text that the message must contain. */
const BROKEN: readonly (readonly [what: string, word: string, board: Board])[] = [
  ['a misspelt option', 'colourMode', withOptions('stat', { colourMode: 'value' })],
  ['a word that is none', 'orientation', withOptions('stat', { orientation: 'sideways' })],
  ['an obsolete option', 'footer', withOptions('table', { footer: { show: false } })],
  ['a number for yes or no', 'boolean', withOptions('table', { showHeader: 1 })],
  [
    'a misspelt field option',
    'drawStile',
    withPanel('timeseries', () => ({ fieldConfig: { defaults: { custom: { drawStile: 'bars' } }, overrides: [] } })),
  ],
  [
    'a threshold without a colour',
    'color',
    withPanel('stat', () => ({
      fieldConfig: { defaults: { thresholds: { mode: 'absolute', steps: [{ value: 1 }] } }, overrides: [] },
    })),
  ],
  ['an override of what is not there', 'custom.widht', withOverride('table', 'custom.widht', 80)],
  ['an override of the wrong kind', 'string', withOverride('table', 'custom.width', '80')],
  ['a panel of no kind', 'nothing_of_piechart', withPanel('stat', () => ({ type: 'piechart' }))],
  ['a misspelt key of a panel', 'descripton', withPanel('stat', () => ({ descripton: '' }))],
]

test('all boards conform to the types of Grafana', async () => {
  expect(await schemaFaults(boards)).toEqual([])
}, 60_000)

test('reports each fault with its place', async () => {
  const faults = await schemaFaults(BROKEN.map(([, , board]) => board))
  for (const [what, word] of BROKEN) {
    expect([what, faults.filter((fault) => fault.includes(word)).length > 0]).toEqual([what, true])
  }
}, 60_000)
