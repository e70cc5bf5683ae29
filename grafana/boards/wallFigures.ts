// The tiles of the wallboard: inbound calls of the last half hour, queues, PBX and trunks, today so far.
//
// Only inbound calls: missed internal calls are not lost customers. A value that is not known now is a dash.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, boardLink, callsBehind } from '../addresses.ts'
import { known, shareOfEnough } from '../known.ts'
import { SCRAPE } from '../otherMetrics.ts'
import { judged, TILE, type Tile, tiles } from '../panels/tiles.ts'
import { ENOUGH, grouping, increase, max, series, share, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import {
  MISSED_FAST_COUNT,
  MISSED_FAST_SHARE,
  MISSED_SLOW_COUNT,
  MISSED_SLOW_SHARE,
  PHONES_OFFLINE_COUNT,
  PHONES_OFFLINE_SHARE,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
} from '../thresholds.ts'
import { DOWN, lastWeek } from './sharedText.ts'
import { DURATION, LARGE, SMALL } from './wallLooks.ts'

const INBOUND = { direction: ['inbound'] } as const

/** Half of the share at which the slower alert fires. */
const MISSED_LOOK_SHARE = MISSED_SLOW_SHARE / 2

/** Inbound calls of the last half hour: the missed ones, and the share of answered ones. */
export function inboundLately() {
  const missed = sum(known(recorded(RECORDINGS.missed, '30m', INBOUND)))
  const answered = sum(known(recorded(RECORDINGS.answered, '30m', INBOUND)))
  const offered = sum(known(recorded(RECORDINGS.offered, '30m', INBOUND)))
  const lost = (count: number, least: number) =>
    `round(${missed}) >= ${count} and ${share(missed, offered)} >= ${least}`
  const lately: Tile = { name: 'Missed', expression: `round(${missed})`, steps: [TILE.good] }
  return tiles(
    {
      title: 'Inbound calls, last 30 min',
      description: `Missed calls, and the share that a person answered (a dash below ${ENOUGH} calls), coloured by the share and the count at which an alert fires.`,
      size: LARGE,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: { title: 'Missed calls in the call log', url: callsBehind({ direction: 'inbound', only: 'missed' }) },
    },
    {
      ...lately,
      cases: [
        judged(lately, TILE.bad, lost(MISSED_FAST_COUNT, MISSED_FAST_SHARE)),
        judged(lately, TILE.look, lost(MISSED_SLOW_COUNT, MISSED_LOOK_SHARE)),
      ],
    },
    {
      name: 'Answered',
      expression: shareOfEnough(answered, offered),
      steps: [TILE.bad, [1 - MISSED_FAST_SHARE, TILE.look], [1 - MISSED_LOOK_SHARE, TILE.good]],
      looks: [{ id: 'unit', value: 'percentunit' }],
    },
  )
}

/** Waiting callers. */
export function queues() {
  return tiles(
    {
      title: 'Queues now',
      description: 'Waiting callers of all queues, and the longest wait.',
      size: SMALL,
      stacked: true,
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
    },
    {
      name: 'Waiting',
      expression: orNone(sum(known(series(CATALOGUE.queueWaiting)))),
      steps: [TILE.good, [1, TILE.plain]],
    },
    {
      name: 'Longest wait',
      expression: orNone(max(known(series(CATALOGUE.queueOldestWait)))),
      steps: [TILE.good, [QUEUE_WAIT_LONG_SECONDS, TILE.look], [QUEUE_WAIT_VERY_LONG_SECONDS, TILE.bad]],
      looks: DURATION,
    },
  )
}

/** PBX, trunks and phones. */
export function asterisk() {
  const endpoints = (role: 'trunk' | 'phone', ...state: readonly ('online' | 'offline')[]) =>
    sum(known(series(CATALOGUE.endpoints, { role: [role], state })))
  const offline = endpoints('phone', 'offline')
  const phones: Tile = { name: 'Phones offline', expression: offline, steps: [TILE.good] }
  const isMany = `${offline} >= ${PHONES_OFFLINE_COUNT} and ${offline} / ${endpoints('phone', 'online', 'offline')} >= ${PHONES_OFFLINE_SHARE}`
  return tiles(
    {
      title: 'PBX, trunks and phones',
      description:
        'The PBX is up while the exporter is scraped and in sync with it; trunks and phones as Asterisk reports them.',
      size: SMALL,
      more: { title: 'Trunks and endpoints', url: boardLink(BOARDS.trunks) },
    },
    pbx(),
    { name: 'Trunks down', expression: endpoints('trunk', 'offline'), steps: [TILE.good, [1, TILE.bad]] },
    { ...phones, cases: [judged(phones, TILE.look, isMany)] },
  )
}

// A single PBX is up or down; of several, the number of those that are down. The timeline below shows which.
function pbx(): Tile {
  // asterisk_up of a target that is not scraped any more is its last value; the product with `up` is 0.
  const up = `last_over_time(${series(CATALOGUE.up)}[$__range]) * ${grouping('on', ['job', 'instance'])} ${series(SCRAPE.up)}`
  const texts = Object.entries(DOWN).map(([value, [text]]) => [value, { text: text.toUpperCase() }])
  return {
    name: 'PBX',
    expression: `min(${up})`,
    steps: [TILE.bad, [1, TILE.good]],
    looks: [{ id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(texts) }] }],
    cases: [
      {
        more: 's down',
        expression: `(count(${up} == 0) or 0 * count(${up})) and on () count(${up}) > 1`,
        steps: [TILE.good, [1, TILE.bad]],
      },
    ],
  }
}

/** Calls in progress, and a week ago. */
export function callsNow() {
  return tiles(
    {
      title: 'Calls in progress',
      description: 'Calls of all directions now, and their average around this time a week ago.',
      size: SMALL,
      quiet: true,
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    { name: 'Now', expression: sum(known(recorded(RECORDINGS.active, ''))), steps: ['blue'] },
    { name: 'A week ago', expression: lastWeek(recorded(RECORDINGS.active, '')), steps: ['text'] },
  )
}

/** Today so far. */
export function today() {
  const since = (counter: string) => `round(${sum(known(increase(counter, '$__range')))})`
  return tiles(
    {
      title: 'Inbound calls today',
      description:
        'Inbound calls since midnight in the time zone of the browser: missed, answered by a person, and served by the PBX itself.',
      size: SMALL,
      quiet: true,
      span: 'now/d',
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    { name: 'Missed', expression: since(series(CATALOGUE.missedCalls, INBOUND)), steps: ['text'] },
    {
      name: 'Answered',
      expression: since(series(CATALOGUE.calls, { ...INBOUND, disposition: ['answered'] })),
      steps: ['text'],
    },
    {
      name: 'Self-service',
      expression: since(series(CATALOGUE.calls, { ...INBOUND, disposition: ['self_service', 'voicemail'] })),
      steps: ['text'],
    },
  )
}

// 0 if there is no queue, while an exporter is in sync.
function orNone(expression: string): string {
  return `${expression} or 0 * ${max(`${series(CATALOGUE.up)} == 1`)}`
}
