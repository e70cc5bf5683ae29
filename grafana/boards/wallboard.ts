// The board on the wall of the operations room: is the PBX up, is anybody waiting, is anybody lost.
//
// One screen, readable from afar. Never more than a glance needs: each figure links to the board that tells why.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { dashboard } from '../dashboard.ts'
import { even } from '../layout.ts'
import { SCRAPE } from '../otherMetrics.ts'
import { fallingBad, risingBad } from '../panels/face.ts'
import { graph } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { alerting, countOverRange, max, orZero, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import {
  CALL_STUCK_SECONDS,
  MISSED_SLOW_SHARE,
  PHONES_OFFLINE_COUNT,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
} from '../thresholds.ts'
import { missedOverTime, trunksDown } from './shared.ts'
import { DOWN, lastWeek } from './words.ts'

/** The board. */
export function wallboard(): Dashboard {
  return dashboard({
    uid: BOARDS.wallboard,
    title: 'Asterisk / NOC wallboard',
    description:
      'One screen: the PBX, the alerts, who waits and who was lost. Each figure leads to the board that tells more.',
    from: 'now-6h',
    refresh: '10s',
    sections: [
      {
        rows: [
          even(5, pbx(), alerts(), activeCalls(), callersWaiting(), longestWait(), oldestCall()),
          even(
            5,
            missedToday(),
            callsToday(),
            answeredShare(),
            answeredShareLately(),
            trunksDown({ title: 'Trunks', url: boardLink(BOARDS.trunks) }),
            phonesOffline(),
          ),
          even(7, states(), callsOverTime()),
          even(6, missedOverTime({}, { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) }), firing()),
        ],
      },
    ],
  })
}

function pbx() {
  // A target that does not answer has no asterisk_up any more: what it last was counts for nothing then.
  const known = `last_over_time(${series(CATALOGUE.up)}[$__range])`
  return stat(
    {
      title: 'PBX',
      description: 'Up while every chosen exporter is scraped, has a session with its Asterisk and is in sync with it.',
      unit: 'none',
      words: { 0: ['DOWN', 'red'], 1: ['UP', 'green'] },
      none: 'NO DATA',
      filled: true,
      more: { title: 'Exporter', url: boardLink(BOARDS.exporter) },
    },
    instant(`min(${known} * on (job, instance) ${series(SCRAPE.up)})`, 'up'),
  )
}

function alerts() {
  return stat(
    {
      title: 'Alerts firing',
      description: 'Alerts of the chosen exporters that fire now, of whatever severity.',
      unit: 'short',
      steps: ['green', [1, 'red']],
      filled: true,
      more: { title: 'Missed calls and alerts', url: boardLink(BOARDS.missedCalls) },
    },
    instant(orZero(`count(${alerting()})`), 'firing'),
  )
}

function activeCalls() {
  return stat(
    {
      title: 'Calls now',
      description: 'Calls that live now, and on average around this time a week ago (within ten minutes).',
      unit: 'short',
      decimals: 0,
      named: true,
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    instant(sum(recorded(RECORDINGS.active, '')), 'now'),
    instant(lastWeek(recorded(RECORDINGS.active, '')), 'a week ago'),
  )
}

function callersWaiting() {
  return stat(
    {
      title: 'Callers waiting',
      description: 'Callers in all queues now.',
      unit: 'short',
      steps: risingBad({ warning: 1 }),
      none: '0',
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
    },
    instant(sum(series(CATALOGUE.queueWaiting)), 'waiting'),
  )
}

function longestWait() {
  return stat(
    {
      title: 'Longest wait',
      description: 'How long the caller that has waited longest has waited so far, in any queue; 0 when nobody waits.',
      unit: 's',
      decimals: 0,
      steps: risingBad({ warning: QUEUE_WAIT_LONG_SECONDS, critical: QUEUE_WAIT_VERY_LONG_SECONDS }),
      none: '0',
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
    },
    instant(max(series(CATALOGUE.queueOldestWait)), 'longest'),
  )
}

function oldestCall() {
  return stat(
    {
      title: 'Oldest call',
      description: 'Age of the oldest call that lives. One of many hours is a channel that hangs, or a very long talk.',
      unit: 's',
      steps: risingBad({ warning: CALL_STUCK_SECONDS }),
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    instant(max(series(CATALOGUE.callsOldestActive)), 'oldest'),
  )
}

function missedToday() {
  return stat(
    {
      title: 'Missed today',
      description: 'Calls to us or among us that nobody answered, since midnight where the reader is.',
      unit: 'short',
      steps: risingBad({ warning: 1 }),
      span: 'now/d',
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    instant(countOverRange(series(CATALOGUE.missedCalls)), 'missed'),
  )
}

function callsToday() {
  return stat(
    {
      title: 'Calls today',
      description: 'Calls that began since midnight where the reader is, in all directions.',
      unit: 'short',
      span: 'now/d',
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    instant(countOverRange(series(CATALOGUE.callsStarted)), 'calls'),
  )
}

function answeredShare() {
  return stat(
    {
      title: 'Answered, 6 h',
      description: 'Share of the calls offered to somebody in the last six hours that a person answered, for each PBX.',
      unit: 'percentunit',
      decimals: 0,
      steps: fallingBad({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_SLOW_SHARE }),
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    instant(recorded(RECORDINGS.answerRate, '6h'), '{{instance}}'),
  )
}

function answeredShareLately() {
  return stat(
    {
      title: 'Answered, 30 min',
      description: 'The same of the last half hour; a dash when nobody called.',
      unit: 'percentunit',
      decimals: 0,
      steps: fallingBad({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_SLOW_SHARE }),
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    instant(recorded(RECORDINGS.answerRate, '30m'), '{{instance}}'),
  )
}

function phonesOffline() {
  return stat(
    {
      title: 'Phones offline',
      description: 'Phones that Asterisk says are offline.',
      unit: 'short',
      steps: risingBad({ warning: PHONES_OFFLINE_COUNT }),
      more: { title: 'Trunks and endpoints', url: boardLink(BOARDS.trunks) },
    },
    instant(sum(series(CATALOGUE.endpoints, { role: ['phone'], state: ['offline'] })), 'offline'),
  )
}

function states() {
  return timeline(
    {
      title: 'PBX and trunks',
      description: 'When each PBX was heard and in sync, and when each trunk was online. Empty: nothing was known.',
      unit: 'none',
      words: DOWN,
    },
    range(max(series(CATALOGUE.up), ['instance']), 'PBX {{instance}}'),
    range(max(series(CATALOGUE.endpointUp, { role: ['trunk'] }), ['instance', 'endpoint']), '{{endpoint}}'),
  )
}

function callsOverTime() {
  return graph(
    {
      title: 'Calls at the same time, against last week',
      description: 'Calls that live, and the same a week before (averages of ten minutes).',
      unit: 'short',
      colors: { now: 'green', 'a week ago': 'text' },
    },
    range(sum(recorded(RECORDINGS.active, '')), 'now'),
    range(lastWeek(recorded(RECORDINGS.active, '')), 'a week ago'),
  )
}

function firing() {
  return timeline(
    {
      title: 'Alerts',
      description: 'When which alert fired. An empty panel is a quiet night.',
      unit: 'none',
      words: { 1: ['firing', 'red'] },
    },
    range(max(alerting(), ['alertname', 'instance']), '{{alertname}} {{instance}}'),
  )
}
