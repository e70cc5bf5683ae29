// The panels of the board "Exporter" about the questions that it asks Asterisk about agents and live calls.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { PERCENTILE_COLORS } from '../colors.ts'
import { equalWidths, type Section } from '../layout.ts'
import { barsOverTime, percentiles } from '../panels/graph.ts'
import { buckets, increase, quantile, series, sum } from '../promql.ts'
import { range } from '../targets.ts'

const NOT_ASKED = 'nothing was asked (ARI_QUESTIONS_PER_SECOND=0?)'

/** The section. */
export function questionsSection(): Section {
  return { title: 'Questions to Asterisk', rows: [equalWidths(7, outcomes(), time())] }
}

function outcomes() {
  return barsOverTime(
    {
      title: 'Questions, by outcome',
      description:
        'Questions to Asterisk about queue members and live calls within each step: answered, gone (the call ended), refused, or no answer within a second.',
      unit: 'short',
      none: NOT_ASKED,
      colors: { answered: 'green', gone: 'blue', refused: 'orange', no_answer: 'red' },
    },
    range(`${sum(increase(series(CATALOGUE.questions)), ['outcome'])} > 0`, '{{outcome}}'),
  )
}

function time() {
  const of = buckets(CATALOGUE.questionTime)
  return percentiles(
    {
      title: 'Time of a question',
      description:
        'Seconds that Asterisk took to answer; fewer questions are asked while many take longer than 0.05 s.',
      unit: 's',
      none: NOT_ASKED,
      colors: PERCENTILE_COLORS,
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.95, { of }), 'p95'),
  )
}
