// All PBXs of all sites: a row for each, and the ten with the most trouble. Leads to the wallboard of each.
//
// For many of them: figures come from recorded series, so that a thousand PBXs are a thousand rows of a few series each.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { MISSED_DIRECTIONS } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, boardOfPbx, clicked, ofRow } from '../addresses.ts'
import { dashboard } from '../dashboard.ts'
import { fromEnough, known, ofScraped, shareOfEnough } from '../known.ts'
import { equalWidths } from '../layout.ts'
import { SCRAPE } from '../otherMetrics.ts'
import { bars } from '../panels/bars.ts'
import { higherIsWorse, type Link, PLAIN, type Steps } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { type Column, table } from '../panels/table.ts'
import { alerting, grouping, max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant } from '../targets.ts'
import {
  BEHIND_SECONDS,
  MISSED_FAST_SHARE,
  MISSED_SLOW_SHARE,
  OUTBOX_LATE_SECONDS,
  OUTBOX_STUCK_SECONDS,
} from '../thresholds.ts'
import { fleetProgramSection } from './fleetProgram.ts'

const PER_PBX = ['instance']
const MOST = 10
const SHARES = higherIsWorse({ warning: MISSED_SLOW_SHARE / 2, critical: MISSED_FAST_SHARE })
const WRONG: Steps = ['text', [1, 'red']]
const ANY_IS_WRONG = higherIsWorse({ warning: 1 })

/** Each PBX of the time range: up, without Asterisk, not scraped, or one of which nothing arrives. */
const [UP, NO_SESSION, NOT_SCRAPED, SILENT] = [2, 1, 0, -1]
const STATES: Readonly<Record<string, readonly [text: string, color: string]>> = {
  [UP]: ['up', 'green'],
  [NO_SESSION]: ['no session', 'red'],
  [NOT_SCRAPED]: ['not scraped', 'red'],
  [SILENT]: ['silent', 'red'],
}

const SEEN = `last_over_time(${series(CATALOGUE.up)}[$__range])`
const scraped = (answers: 0 | 1): string =>
  `and ${grouping('on', ['job', 'instance'])} ${series(SCRAPE.up)} == ${answers}`
const STATE = max(`(${SEEN} + ${NO_SESSION} ${scraped(1)} or 0 * ${SEEN} ${scraped(0)} or 0 * ${SEEN} - 1)`, PER_PBX)

const missed = recorded(RECORDINGS.missed, '1h')
const offered = recorded(RECORDINGS.offered, '1h', { direction: MISSED_DIRECTIONS })
const MISSED_SHARE = sum(fromEnough(recorded(RECORDINGS.missedShare, '1h'), sum(offered, ['job', 'instance'])), PER_PBX)
const WAITING = known(recorded(RECORDINGS.callersWaiting, ''))
const TRUNKS_DOWN = known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['offline'] }))
const TRUNKS_FULL = known(recorded(RECORDINGS.trunksFull, ''))

/** The board. */
export function fleet(): Dashboard {
  return dashboard({
    uid: BOARDS.fleet,
    title: 'Asterisk / Fleet',
    description:
      'All PBXs of all sites: which are up, how many calls they have and miss, and which have the most trouble.',
    from: 'now-1h',
    sections: [
      {
        rows: [
          equalWidths(4, pbxs(), notUp(), callsNow(), missedOfAll(), toCallBack(), trunksWrong()),
          equalWidths(9, mostMissed(), mostWaiting(), mostAlerts()),
          equalWidths(13, eachPbx()),
        ],
      },
      fleetProgramSection(),
    ],
  })
}

function pbxs() {
  return stat(
    { title: 'PBXs', description: 'PBXs that were monitored within the time range.', unit: 'short', steps: PLAIN },
    instant(`count(${SEEN})`, 'PBXs'),
  )
}

function notUp() {
  return stat(
    {
      title: 'PBXs that are not up',
      description:
        'PBXs without a session, whose exporter is not scraped, or of which nothing arrives; the table names them.',
      unit: 'short',
      steps: higherIsWorse({ warning: 1, critical: 1.5 }),
    },
    instant(`count(${STATE} < ${UP}) or 0 * count(${SEEN})`, 'not up'),
  )
}

function callsNow() {
  return stat(
    { title: 'Calls at once', description: 'Calls of all PBXs now.', unit: 'short', steps: PLAIN },
    instant(sum(known(recorded(RECORDINGS.active, ''))), 'calls'),
  )
}

function missedOfAll() {
  return stat(
    {
      title: 'Missed share, 1 h',
      description: 'Missed calls of all PBXs per offered inbound or internal call within an hour.',
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
    },
    instant(shareOfEnough(sum(missed), sum(offered)), 'missed'),
  )
}

function toCallBack() {
  return stat(
    {
      title: 'Callers waiting',
      description: 'People outside who were missed and with whom nobody has spoken since, on all PBXs.',
      unit: 'short',
      steps: PLAIN,
    },
    instant(sum(WAITING), 'waiting'),
  )
}

function trunksWrong() {
  return stat(
    {
      title: 'Trunks down / full',
      description: 'Trunks of all PBXs that Asterisk cannot reach, and those without a free channel (TRUNK_CHANNELS).',
      unit: 'short',
      steps: ANY_IS_WRONG,
      named: true,
    },
    instant(sum(TRUNKS_DOWN), 'down'),
    instant(sum(TRUNKS_FULL), 'full'),
  )
}

function mostMissed() {
  return bars(
    {
      title: 'Highest missed share, 1 h',
      description: `The ${MOST} PBXs that missed the largest share of their calls within an hour, of those with five or more.`,
      unit: 'percentunit',
      max: 1,
      decimals: 0,
      steps: SHARES,
      click: WALLBOARD,
    },
    instant(`topk(${MOST}, ${MISSED_SHARE} > 0)`, '{{instance}}'),
  )
}

function mostWaiting() {
  return bars(
    {
      title: 'Most missed callers waiting',
      description: `The ${MOST} PBXs with the most people who were missed and with whom nobody has spoken since.`,
      unit: 'short',
      click: WALLBOARD,
    },
    instant(`topk(${MOST}, ${sum(WAITING, PER_PBX)} > 0)`, '{{instance}}'),
  )
}

function mostAlerts() {
  return bars(
    {
      title: 'Most alerts',
      description: `The ${MOST} PBXs, sites that send nothing and programs in fleet mode with the most firing alerts that are critical or warnings.`,
      unit: 'short',
      steps: ['orange'],
      click: WALLBOARD,
    },
    instant(`topk(${MOST}, ${sum(alerting(undefined, 'urgent'), PER_PBX)})`, '{{instance}}'),
  )
}

const WALLBOARD: Link = { title: 'NOC wallboard of this PBX', url: boardOfPbx(BOARDS.wallboard, clicked) }

function eachPbx() {
  return table({
    title: 'Each PBX',
    description:
      'Those that are not up first; missed share of those with five calls or more within an hour; seconds that the exporter is behind Asterisk, and that the oldest call waits to be shipped.',
    unit: 'short',
    keys: { instance: 'PBX' },
    info: { label: 'version', name: 'Asterisk', expression: max(series(CATALOGUE.info), [...PER_PBX, 'version']) },
    sortBy: ['+State', 'Waiting'],
    more: {
      PBX: { title: WALLBOARD.title, url: boardOfPbx(BOARDS.wallboard, ofRow({ cluster: 'Site', instance: 'PBX' })) },
    },
    columns: [
      { name: 'State', unit: 'none', texts: STATES, width: 120, expression: STATE },
      figure('Calls', 75, sum(known(recorded(RECORDINGS.active, '')), PER_PBX)),
      figure('Calls, 1 h', 90, `round(${sum(recorded(RECORDINGS.started, '1h'), PER_PBX)})`),
      { ...figure('Missed', 85, MISSED_SHARE), unit: 'percentunit', decimals: 0, steps: SHARES },
      figure('Waiting', 100, sum(WAITING, PER_PBX)),
      { ...figure('Trunks down', 110, sum(TRUNKS_DOWN, PER_PBX)), steps: WRONG },
      { ...figure('Trunks full', 95, sum(TRUNKS_FULL, PER_PBX)), steps: WRONG },
      {
        ...figure('Behind', 90, `round(${max(ofScraped(series(CATALOGUE.queueLag)), PER_PBX)})`),
        unit: 'clock',
        steps: ['text', [BEHIND_SECONDS, 'orange']],
      },
      {
        ...figure('No session, 1 h', 125, max(recorded(RECORDINGS.disconnectedShare, '1h'), PER_PBX)),
        unit: 'percentunit',
        decimals: 0,
        steps: ['text', [0.01, 'orange']],
      },
      {
        ...figure('Outbox age', 95, `round(${max(ofScraped(series(CATALOGUE.outboxOldest)), PER_PBX)})`),
        unit: 'clock',
        steps: ['text', [OUTBOX_LATE_SECONDS, 'orange'], [OUTBOX_STUCK_SECONDS, 'red']],
      },
    ],
  })
}

function figure(name: string, width: number, expression: string): Column {
  return { name, unit: 'short', width, expression }
}
