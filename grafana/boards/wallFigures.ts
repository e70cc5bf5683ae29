// The figures of the wallboard: calls of the last half hour, queues and people now, what is down, the day so far.
//
// Of calls only those from outside: a colleague who does not pick up is no lost customer. Whatever is not seen now is not told.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, boardLink, callsBehind } from '../addresses.ts'
import { known, shareOfEnough } from '../known.ts'
import { SCRAPE } from '../otherMetrics.ts'
import { judged, TILE, type Tile, tiles } from '../panels/tiles.ts'
import { ENOUGH, increase, max, series, sum } from '../promql.ts'
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

/** Pixels of names and figures: what the wall is for, and what is beside it; on 1366 pixels DOWN has no room for more. */
const LARGE = { title: 34, value: 110 }
const SMALL = { title: 24, value: 46 }

const INBOUND = { direction: ['inbound'] } as const

/** Half as many as go on too long are worth a look. */
const MISSED_LOOK_SHARE = MISSED_SLOW_SHARE / 2

/** Calls from outside in the last half hour: how many were lost, how many of a hundred were answered. */
export function inboundLately() {
  const missed = sum(known(recorded(RECORDINGS.missed, '30m', INBOUND)))
  const answered = sum(known(recorded(RECORDINGS.answered, '30m', INBOUND)))
  const offered = sum(known(recorded(RECORDINGS.offered, '30m', INBOUND)))
  const lost = (count: number, share: number) =>
    `round(${missed}) >= ${count} and ${missed} / (${offered} > 0) >= ${share}`
  const lately: Tile = { name: 'Missed', expression: `round(${missed})`, steps: [TILE.good] }
  return tiles(
    {
      title: 'Inbound calls, last 30 min',
      description: `Missed, and the share that a person answered (a dash below ${ENOUGH} calls), coloured by the share and the count at which an alert fires.`,
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

/** Who waits now. */
export function queues() {
  return tiles(
    {
      title: 'Queues now',
      description: 'Callers in all queues, and how long the one who came first has waited.',
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
      looks: [
        { id: 'unit', value: 'dthms' },
        { id: 'mappings', value: [{ type: 'value', options: { 0: { text: '0 s' } } }] },
      ],
    },
  )
}

/** Who could pick up, and who talks. */
export function people() {
  const doing = (state: 'idle' | 'talking') => sum(known(series(CATALOGUE.operatorState, { state: [state] })))
  return tiles(
    {
      title: 'People now',
      description: 'Phones that are online and free, and phones in a conversation.',
      size: SMALL,
      stacked: true,
      more: { title: 'Operators', url: boardLink(BOARDS.operators) },
    },
    { name: 'Free', expression: doing('idle'), steps: [TILE.look, [1, TILE.good]] },
    { name: 'Talking', expression: doing('talking') },
  )
}

/** What is up, and what is down. */
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
        'Up while the exporter is scraped, has a session and is in sync; trunks and phones as Asterisk says.',
      size: SMALL,
      more: { title: 'Trunks and endpoints', url: boardLink(BOARDS.trunks) },
    },
    pbx(),
    { name: 'Trunks down', expression: endpoints('trunk', 'offline'), steps: [TILE.good, [1, TILE.bad]] },
    { ...phones, cases: [judged(phones, TILE.look, isMany)] },
  )
}

// One is up or down; of several it is told how many are down. Which, the states below say.
function pbx(): Tile {
  // A target that does not answer has no asterisk_up any more: what it last was counts for nothing then.
  const up = `last_over_time(${series(CATALOGUE.up)}[$__range]) * on (job, instance) ${series(SCRAPE.up)}`
  const words = Object.entries(DOWN).map(([value, [text]]) => [value, { text: text.toUpperCase() }])
  return {
    name: 'PBX',
    expression: `min(${up})`,
    steps: [TILE.bad, [1, TILE.good]],
    looks: [{ id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(words) }] }],
    cases: [
      {
        more: 's down',
        expression: `(count(${up} == 0) or 0 * count(${up})) and on () count(${up}) > 1`,
        steps: [TILE.good, [1, TILE.bad]],
      },
    ],
  }
}

/** Calls in progress, beside a week ago. */
export function callsNow() {
  return tiles(
    {
      title: 'Calls in progress',
      description: 'Calls of all directions now, and on average around this time a week ago.',
      size: SMALL,
      quiet: true,
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    { name: 'Now', expression: sum(known(recorded(RECORDINGS.active, ''))), steps: ['blue'] },
    { name: 'A week ago', expression: lastWeek(recorded(RECORDINGS.active, '')), steps: ['text'] },
  )
}

/** The day so far, which nobody has to act on. */
export function today() {
  const since = (counter: string) => `round(${sum(known(increase(counter, '$__range')))})`
  return tiles(
    {
      title: 'Inbound calls today',
      description:
        'Calls from outside since midnight where the reader is: missed, answered by a person, and served by the PBX itself.',
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

// Nobody waits where there is no queue, as long as somebody looks.
function orNone(expression: string): string {
  return `${expression} or 0 * ${max(`${series(CATALOGUE.up)} == 1`)}`
}
