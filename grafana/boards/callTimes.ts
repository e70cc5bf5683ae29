// The times of calls, the middle of the board "Calls": how soon they are answered, how long they last, how many at a time.
//
// Dots on these graphs are single calls (exemplars): they lead to the call's story on the exporter's page. Percentiles are of
// windows with five calls at least.

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

const CHOSEN_DIRECTION = { direction: '$direction' } as const
const TALKED = sum(recorded(RECORDINGS.talkSeconds, '$window', CHOSEN_DIRECTION))
const TALKS = sum(recorded(RECORDINGS.conversations, '$window', CHOSEN_DIRECTION))

/** Seconds of conversation over answered calls of the window. */
export const AVERAGE_TALK_TIME = ratio(TALKED, TALKS)

/** How soon calls are answered. */
export function answerSection(): Section {
  return {
    title: 'How soon they are answered',
    rows: [equalWidths(8, answerDelay(), answerSpread()), equalWidths(8, ringing(), setup())],
  }
}

/** How long calls last, and what those do that live. */
export function durationSection(): Section {
  return {
    title: 'How long they last, and what they do',
    rows: [equalWidths(8, durations(), durationSpread()), equalWidths(8, states())],
  }
}

function answerDelay() {
  const of = buckets(CATALOGUE.callAnswer, CHOSEN_DIRECTION)
  return percentiles(
    {
      title: 'Answer delay',
      description:
        'How long callers of answered calls waited for a person: half of them less than p50, 19 of 20 less than p95.',
      unit: 's',
      colors: PERCENTILE_COLORS,
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
      description: 'Answered calls within each step, by how long they waited; a dot is one call and leads to it.',
      unit: 's',
    },
    CATALOGUE.callAnswer,
    CHOSEN_DIRECTION,
  )
}

function ringing() {
  return percentiles(
    {
      title: 'Ringing, 95th percentile',
      description: 'How long phones rang until somebody answered, or until it was given up.',
      unit: 's',
      colors: { answered: 'green', not_answered: 'orange' },
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.callRing, CHOSEN_DIRECTION), by: ['outcome'] }), '{{outcome}}'),
  )
}

function setup() {
  const of = buckets(CATALOGUE.callSetup, CHOSEN_DIRECTION)
  return percentiles(
    {
      title: 'Setup (post-dial delay)',
      description: 'From the start of an attempt to its first sign of life: ringing, progress or answer.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durations() {
  const of = buckets(CATALOGUE.callDuration, CHOSEN_DIRECTION)
  return percentiles(
    {
      title: 'Duration of conversations',
      description: 'The average over the window, and the median and the longest 5 % of each step.',
      unit: 's',
      colors: { ...PERCENTILE_COLORS, average: 'green' },
      figures: ['lastNotNull', 'max'],
    },
    range(fromEnough(AVERAGE_TALK_TIME, sum(recorded(RECORDINGS.answered, '$window', CHOSEN_DIRECTION))), 'average'),
    range(quantile(0.5, { of }), 'p50', { exemplar: true }),
    range(quantile(0.95, { of }), 'p95'),
  )
}

function durationSpread() {
  return heatmap(
    {
      title: 'Duration, all calls',
      description:
        'Conversations that ended within each step, by how long they lasted; a dot is one call and leads to it.',
      unit: 's',
    },
    CATALOGUE.callDuration,
    CHOSEN_DIRECTION,
  )
}

/** How busy the PBX is. */
export function traffic() {
  return graph(
    {
      title: 'Calls at the same time, and Erlangs',
      description:
        'Most calls that lived at once within each step, their average a week before, and Erlangs: seconds of conversation a second within the window, counted as conversations end.',
      unit: 'short',
      decimals: 1,
      points: 96,
      figures: ['max', 'mean'],
      colors: { 'most at once': 'green', 'a week ago': 'text', Erlangs: 'blue' },
    },
    range(TALKED, 'Erlangs'),
    range(
      `max_over_time(${sum(recorded(RECORDINGS.activeByDirection, '', CHOSEN_DIRECTION))}[$__interval:])`,
      'most at once',
    ),
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
