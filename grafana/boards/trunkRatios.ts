// ASR and NER, a part of the board "Trunks and endpoints": what each carrier answers, and what it gets through at all.
//
// Only recorded ratios; the formulas are in prometheus/rules/recording.yml.

import { fallingBad } from '../panels/face.ts'
import { graph } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { TRUNK_NER_SHARE } from '../thresholds.ts'

const CHOSEN_TRUNK = { trunk: '$trunk' } as const
const CHOSEN_WAY = { trunk: '$trunk', direction: '$direction' } as const
const NER_STEPS = fallingBad({ warning: (1 + TRUNK_NER_SHARE) / 2, critical: TRUNK_NER_SHARE })

/** All trunks together, by direction. */
export function asrNow() {
  return stat(
    {
      title: 'ASR of all',
      description: 'Answer-seizure ratio of all trunks together, over the chosen window, by direction.',
      unit: 'percentunit',
      decimals: 0,
    },
    instant(recorded(RECORDINGS.asrByDirection, '$window', { direction: '$direction' }), '{{direction}}'),
  )
}

/** All trunks together, by direction. */
export function nerNow() {
  return stat(
    {
      title: 'NER of all',
      description: 'Network effectiveness ratio of all trunks together, over the chosen window, by direction.',
      unit: 'percentunit',
      decimals: 0,
      steps: NER_STEPS,
    },
    instant(recorded(RECORDINGS.nerByDirection, '$window', { direction: '$direction' }), '{{direction}}'),
  )
}

/** Each trunk. */
export function asr() {
  return graph(
    {
      title: 'ASR, by trunk',
      description: 'Answer-seizure ratio: answered of all seizures, both directions together, over the chosen window.',
      unit: 'percentunit',
      max: 1,
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.asrOfTrunk, '$window', CHOSEN_TRUNK), '{{trunk}}'),
  )
}

/** Each trunk. */
export function ner() {
  return graph(
    {
      title: 'NER, by trunk',
      description:
        'Network effectiveness ratio (ITU-T E.425): seizures for which the network did its part, of all. Busy, unanswered and refused by a person are no fault of it.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [TRUNK_NER_SHARE, 'red']],
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.nerOfTrunk, '$window', CHOSEN_TRUNK), '{{trunk}}'),
  )
}

/** Each trunk and direction. */
export function asrByDirection() {
  return graph(
    {
      title: 'ASR, by trunk and direction',
      description: 'What the carrier answers for us, and what we answer for it.',
      unit: 'percentunit',
      max: 1,
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.asrOfTrunkByDirection, '$window', CHOSEN_WAY), '{{trunk}} {{direction}}'),
  )
}

/** Each trunk and direction. */
export function nerByDirection() {
  return graph(
    {
      title: 'NER, by trunk and direction',
      description: 'The outbound one is the carrier’s work. An alert looks at it.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [TRUNK_NER_SHARE, 'red']],
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.nerOfTrunkByDirection, '$window', CHOSEN_WAY), '{{trunk}} {{direction}}'),
  )
}
