// The linter reports nothing for a valid board, and each fault under its rule.

import { expect, test } from 'vitest'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Board } from './board.ts'
import {
  asking,
  board,
  CALLS,
  isGraph,
  SCOPE,
  WAITING,
  WAITS,
  withGraph,
  without,
  withTarget,
  withVariable,
} from './broken.ts'
import { lint } from './lint.ts'
import { BOARD_RULES } from './lintBoard.ts'
import { PANEL_RULES } from './lintPanels.ts'
import { QUERY_RULES } from './lintQueries.ts'

const RULES = { ...BOARD_RULES, ...PANEL_RULES, ...QUERY_RULES }

/** Rule -> boards that violate it. */
const BROKEN: Readonly<Record<keyof typeof RULES, readonly Board[]>> = {
  'board-shape': [
    { ...board, schemaVersion: 43 },
    { ...board, apiVersion: 'dashboard.grafana.app/v2' },
    { ...board, spec: {} },
    { ...board, uid: 'Queues' },
    { ...board, links: [{ ...board.links?.[0], placement: 'inControlsMenu' }] },
    without('description'),
  ],
  'board-manners': [
    without('timezone'),
    without('graphTooltip'),
    { ...board, refresh: '1s' },
    { ...board, tags: ['asterisk'] },
    { ...board, links: [] },
    { ...board, annotations: { list: [] } },
  ],
  'uneditable-dashboard': [{ ...board, editable: true }, without('editable')],
  'template-datasource': [
    withVariable('datasource', { query: 'loki' }),
    withVariable('datasource', { name: 'source' }),
  ],
  'template-job': [withVariable('job', { multi: false }), withVariable('job', { allValue: '.*' })],
  'template-instance': [withVariable('instance', { includeAll: false }), withVariable('instance', { name: 'pbx' })],
  'template-cluster': [withVariable('cluster', { allValue: '.+' }), withVariable('cluster', { name: 'site' })],
  'template-label-promql': [
    withVariable('instance', { query: `label_values(${WAITING}, trunk)` }),
    withVariable('instance', { query: 'label_values(asterisk_queues, queue)' }),
    withVariable('instance', { query: `label_values(${WAITING.slice(0, -1)}, queue)` }),
  ],
  'template-on-time-change-reload': [withVariable('instance', { refresh: 1 })],
  'template-described': [withVariable('direction', { label: '' }), withVariable('window', { description: '' })],
  'panel-title-description': [withGraph({ title: '' }), withGraph({ description: undefined })],
  'panel-title-fits': [withGraph({ title: 'A title that does not fit', gridPos: { x: 0, y: 0, w: 4, h: 8 } })],
  'panel-units': [
    withGraph({ fieldConfig: { defaults: {} } }),
    withGraph({ fieldConfig: { defaults: { unit: 'calls' } } }),
  ],
  'panel-no-targets': [withGraph({ targets: [] }), withGraph({ targets: undefined })],
  'panel-datasource': [
    withGraph({ datasource: { type: 'prometheus', uid: 'prometheus' } }),
    withTarget({ datasource: { type: 'loki', uid: '$datasource' } }),
    withGraph({ datasource: undefined }),
  ],
  'panel-library': [withGraph({ libraryPanel: { uid: 'shared' } })],
  'unique-ids': [withGraph({ id: 1 }), withGraph({ id: undefined })],
  'no-overlap': [
    withGraph({ gridPos: { x: 0, y: 0, w: 12, h: 8 } }),
    withGraph({ gridPos: { x: 20, y: 200, w: 12, h: 8 } }),
    withGraph({ gridPos: { x: 0, y: 200, w: 4.8, h: 8 } }),
    withGraph({ gridPos: undefined }),
  ],
  'ref-ids': [
    withTarget({ refId: '' }),
    withGraph({ targets: [...(board.panels.find(isGraph)?.targets ?? []), board.panels.find(isGraph)?.targets?.[0]] }),
  ],
  'target-promql': [asking(`sum(${WAITING}`), asking(`sum(${WAITING}))`), asking(''), asking(`sum(${WAITING}) ! 1`)],
  'target-rate-interval': [
    asking(`rate(${CALLS}[5m])`),
    asking(`sum(rate(${CALLS}[$__range]))`),
    asking(`irate(${CALLS}[$__interval])`),
  ],
  'fixed-window': [asking(`increase(${CALLS}[1h])`), asking(`rate(${CALLS}[5m])`), asking(`delta(${WAITING}[5m])`)],
  'target-cluster': [
    asking(WAITING.replace('cluster=~"$cluster", ', '')),
    asking(WAITING.replace('=~"$cluster"', '="north"')),
  ],
  'keeps-cluster': [
    asking(`sum by (job, instance, queue) (${WAITING})`),
    asking(`sum without (cluster, queue) (${WAITING})`),
    asking(`${WAITING} and on (instance) ${WAITING}`),
    asking(`${WAITING} and ignoring (cluster) ${WAITING}`),
  ],
  'target-job': [asking(WAITING.replace('job=~"$job", ', '')), asking(WAITING.replace('=~"$job"', '="asterisk"'))],
  'target-instance': [asking(WAITING.replace(', instance=~"$instance"', '')), asking(CATALOGUE.queueWaiting.name)],
  'target-counter-agg': [asking(`sum(${CALLS})`), asking(`sum(max_over_time(${CALLS}[1h]))`)],
  'gauge-as-counter': [asking(`sum(increase(${WAITING}[$__rate_interval]))`)],
  'known-metric': [asking(WAITING.replace('waiting', 'hoping')), asking(`queue:nothing:ratio$window{${SCOPE}}`)],
  'histogram-suffix': [
    asking(`increase(${CATALOGUE.queueWait.name}{${SCOPE}}[$__range])`),
    asking(`histogram_quantile(0.9, sum by (queue) (rate(${WAITS}[$__rate_interval])))`),
  ],
  'no-clamp-min': [asking(`${WAITING} / clamp_min(${WAITING}, 1)`)],
  'known-label': [
    asking(`sum by (trunk) (${WAITING})`),
    asking(WAITING.replace('}', ', trunk="a"}')),
    withTarget({ legendFormat: '{{trunk}}' }),
  ],
  'known-variable': [asking(`${WAITING} > $limit`), asking(`${WAITING} > \${limit}`)],
  'exemplar-of-histogram': [withTarget({ exemplar: true })],
  'heatmap-format': [withTarget({ format: 'heatmap' }), withGraph({ type: 'heatmap' })],
}

test('each rule has a board that violates it', () => {
  expect(Object.keys(BROKEN).sort()).toEqual(Object.keys(RULES).sort())
})

test('reports nothing for a valid board', () => {
  expect(lint(board)).toEqual([])
})

test.each(
  Object.entries(BROKEN).flatMap(([rule, boards]) => boards.map((each, index) => [rule, index, each] as const)),
)('%s reports the fault (%i)', (rule, _index, broken) => {
  expect(lint(broken).map((finding) => finding.rule)).toContain(rule)
})
