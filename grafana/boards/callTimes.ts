// Durations of calls, the middle of the board "Calls": answer delay, ringing, setup, talk time, and calls at the same time.
//
// Dots on these graphs are single calls (exemplars); they link to the call's details on the exporter's page. Percentiles need
// windows with five calls or more.

import type { CallState } from '../../src/call/fact.ts'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { PERCENTILE_COLORS, STATE_COLORS } from '../colors.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, type Section } from '../layout.ts'
import { graph, percentiles } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { buckets, quantile, ratio, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { range } from '../targets.ts'
import { lastWeek } from './sharedText.ts'

// From the bottom to the top.
const STACKED: readonly CallState[] = ['talking', 'held', 'parked', 'queued', 'ringing', 'ivr', 'setup']
const SELECTED_DIRECTION = { direction: '$direction' } as const
/** As often as the rules are evaluated. Without it, VictoriaMetrics takes the step of the panel, and so one value of each. */
const STEP = '15s'
const TALKED = sum(recorded(RECORDINGS.talkSeconds, '$window', SELECTED_DIRECTION))
const TALKS = sum(recorded(RECORDINGS.conversations, '$window', SELECTED_DIRECTION))

/** Seconds of conversation per answered call of the window. */
export const AVERAGE_TALK_TIME = ratio(TALKED, TALKS)

/** How soon calls are answered. */
export function answerSection(): Section {
  return {
    title: 'How soon they are answered',
    rows: [equalWidths(8, answerDelay(), answerSpread()), equalWidths(8, ringing(), setup())],
  }
}

/** How long calls last, and the states of active calls. */
export function durationSection(): Section {
  return {
    title: 'How long they last, and their states',
    rows: [equalWidths(8, durations(), durationSpread()), equalWidths(8, states())],
  }
}

function answerDelay() {
  const of = buckets(CATALOGUE.callAnswer, SELECTED_DIRECTION)
  return percentiles(
    {
      title: 'Answer delay',
      description:
        'Time until a person answered, of answered calls: half of them waited less than p50, 19 of 20 less than p95.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50', { exemplar: true }),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function answerSpread() {
  return heatmap(
    {
      title: 'Answer delay, all calls',
      description:
        'Number of answered calls within each step, by answer delay; a dot is one call and links to its details.',
      unit: 's',
    },
    CATALOGUE.callAnswer,
    SELECTED_DIRECTION,
  )
}

function ringing() {
  return percentiles(
    {
      title: 'Ringing, 95th percentile',
      description: 'Time that phones rang until the call was answered or ended.',
      unit: 's',
      colors: { answered: 'green', not_answered: 'orange' },
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.callRing, SELECTED_DIRECTION), by: ['outcome'] }), '{{outcome}}'),
  )
}

function setup() {
  const of = buckets(CATALOGUE.callSetup, SELECTED_DIRECTION)
  return percentiles(
    {
      title: 'Setup (post-dial delay)',
      description: 'Time from the start of an attempt to its first progress: ringing, early media or answer.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durations() {
  const of = buckets(CATALOGUE.callDuration, SELECTED_DIRECTION)
  return percentiles(
    {
      title: 'Duration of conversations',
      description: 'Average over the selected window; median and 95th percentile of each step.',
      unit: 's',
      colors: { ...PERCENTILE_COLORS, average: 'green' },
      calculations: ['lastNotNull', 'max'],
    },
    range(fromEnough(AVERAGE_TALK_TIME, sum(recorded(RECORDINGS.answered, '$window', SELECTED_DIRECTION))), 'average'),
    range(quantile(0.5, { of }), 'p50', { exemplar: true }),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durationSpread() {
  return heatmap(
    {
      title: 'Duration, all calls',
      description:
        'Number of conversations that ended within each step, by duration; a dot is one call and links to its details.',
      unit: 's',
    },
    CATALOGUE.callDuration,
    SELECTED_DIRECTION,
  )
}

/** Calls at the same time. */
export function traffic() {
  return graph(
    {
      title: 'Calls at the same time, and Erlangs',
      description:
        'Largest number of simultaneous calls within each step, the average a week before, and Erlangs: seconds of conversation per second over the window, counted when conversations end.',
      unit: 'short',
      decimals: 1,
      points: 96,
      calculations: ['max', 'mean'],
      colors: { 'most at once': 'green', 'a week ago': 'text', Erlangs: 'blue' },
    },
    range(TALKED, 'Erlangs'),
    range(
      `max_over_time(${sum(recorded(RECORDINGS.activeByDirection, '', SELECTED_DIRECTION))}[$__interval:${STEP}])`,
      'most at once',
    ),
    range(lastWeek(recorded(RECORDINGS.activeByDirection, '', SELECTED_DIRECTION)), 'a week ago'),
  )
}

function states() {
  const count = (state: CallState) => series(CATALOGUE.callsActive, { ...SELECTED_DIRECTION, state: [state] })
  return graph(
    {
      title: 'Active calls, by state',
      description: 'Average number of calls in progress within each step, by state.',
      unit: 'short',
      stacked: true,
      points: 96,
      colors: STATE_COLORS,
    },
    ...STACKED.map((state) => range(sum(`avg_over_time(${count(state)}[$__interval])`, ['state']), '{{state}}')),
  )
}
