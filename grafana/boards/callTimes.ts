// The times of calls, the middle of the board "Calls": how soon they are answered, how long they last, how many at a time.
//
// Dots on these graphs are single calls (exemplars): they lead to the call's story on the exporter's page.

import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { STATE_COLORS } from '../colors.ts'
import type { Section } from '../layout.ts'
import { even, row } from '../layout.ts'
import { graph } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { stat } from '../panels/stat.ts'
import { buckets, quantile, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { lastWeek } from './words.ts'

const CHOSEN_DIRECTION = { direction: '$direction' } as const

/** How soon calls are answered. */
export function answerSection(): Section {
  return {
    title: 'How soon they are answered',
    rows: [even(8, answerDelay(), answerSpread()), even(8, ringing(), setup())],
  }
}

/** How long calls last, and how many there are at a time. */
export function durationSection(): Section {
  return {
    title: 'How long they last, and how many at a time',
    rows: [even(8, durations(), durationSpread()), row(8, [12, traffic()], [8, states()], [4, peak()])],
  }
}

function answerDelay() {
  const of = buckets(CATALOGUE.callAnswer, CHOSEN_DIRECTION)
  return graph(
    {
      title: 'Answer delay',
      description:
        'How long callers of answered calls waited for a person: half of them less than p50, 19 of 20 less than p95.',
      unit: 's',
      interval: '5m',
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50', { exemplar: true }),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function answerSpread() {
  return heatmap(
    {
      title: 'Answer delay, all calls',
      description: 'Answered calls within each step, by how long they waited. A dot is one call: it leads to its row.',
      unit: 's',
    },
    CATALOGUE.callAnswer,
    CHOSEN_DIRECTION,
  )
}

function ringing() {
  return graph(
    {
      title: 'Ringing, 95th percentile',
      description: 'How long phones rang until somebody answered, or until it was given up.',
      unit: 's',
      interval: '5m',
      colors: { answered: 'green', not_answered: 'red' },
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.callRing, CHOSEN_DIRECTION), by: ['outcome'] }), '{{outcome}}'),
  )
}

function setup() {
  const of = buckets(CATALOGUE.callSetup, CHOSEN_DIRECTION)
  return graph(
    {
      title: 'Setup (post-dial delay)',
      description: 'From the start of an attempt to its first sign of life: ringing, progress or answer.',
      unit: 's',
      interval: '5m',
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durations() {
  const of = buckets(CATALOGUE.callDuration, CHOSEN_DIRECTION)
  return graph(
    {
      title: 'Duration of conversations',
      description:
        'Average call duration (ACD) over the chosen window, and the median and the longest 5 % of each step.',
      unit: 's',
      interval: '5m',
      figures: ['lastNotNull', 'max'],
    },
    range(recorded(RECORDINGS.averageDurationByDirection, '$window', CHOSEN_DIRECTION), 'ACD {{direction}}'),
    range(quantile(0.5, { of }), 'p50', { exemplar: true }),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durationSpread() {
  return heatmap(
    {
      title: 'Duration, all calls',
      description:
        'Conversations that ended within each step, by how long they lasted. A dot is one call: it leads to its row.',
      unit: 's',
    },
    CATALOGUE.callDuration,
    CHOSEN_DIRECTION,
  )
}

function traffic() {
  return graph(
    {
      title: 'Traffic in Erlangs, and calls at the same time',
      description:
        'Erlangs: conversation seconds a second, counted as conversations end, over the chosen window. Calls at the same time, now and a week before.',
      unit: 'short',
      figures: ['mean', 'max'],
      colors: { 'a week ago': 'text' },
    },
    range(sum(recorded(RECORDINGS.talkSeconds, '$window', CHOSEN_DIRECTION)), 'Erlangs'),
    range(sum(recorded(RECORDINGS.activeByDirection, '', CHOSEN_DIRECTION)), 'calls at a time'),
    range(lastWeek(recorded(RECORDINGS.activeByDirection, '', CHOSEN_DIRECTION)), 'a week ago'),
  )
}

function states() {
  return graph(
    {
      title: 'What live calls do',
      description: 'Calls that live, by what they are doing.',
      unit: 'short',
      stacked: true,
      colors: STATE_COLORS,
    },
    range(sum(series(CATALOGUE.callsActive, CHOSEN_DIRECTION), ['state']), '{{state}}'),
  )
}

function peak() {
  const together = sum(recorded(RECORDINGS.activeByDirection, '', CHOSEN_DIRECTION))
  return stat(
    {
      title: 'Peak',
      description: 'The most calls at the same time in the span, as looked at with the step of the graphs.',
      unit: 'short',
    },
    instant(`max_over_time((${together})[$__range:$__interval])`, 'peak'),
  )
}
