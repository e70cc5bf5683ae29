// ASR and NER, a part of the board "Trunks and endpoints": what each carrier answers, and what it gets through at all.
//
// Only recorded ratios; the formulas are in prometheus/rules/recording.yml. None is shown of fewer than five seizures.

import { callsAround, clicked } from '../addresses.ts'
import { fromEnough } from '../known.ts'
import { graph } from '../panels/graph.ts'
import type { Steps } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { TRUNK_NER_SHARE } from '../thresholds.ts'

const CHOSEN_WAY = { trunk: '$trunk', direction: '$direction' } as const
const ATTEMPTS = recorded(RECORDINGS.attemptsByDirection, '$window', CHOSEN_WAY)
// What carriers promise each other; the alert's own number is far below, where calls are refused.
const NER_PROMISED = 0.95
const NER_POOR = 0.9

const TO_WAY = {
  title: 'Call log: calls of this trunk and direction around that time',
  url: callsAround({ trunk: clicked('trunk'), direction: clicked('direction') }),
}

/** The verdict on a carrier. */
export const NER_STEPS: Steps = ['red', [NER_POOR, 'orange'], [NER_PROMISED, 'green']]

/** All trunks of a PBX together, by direction. */
export function asrNow() {
  return stat(
    {
      title: `ASR, last \${window}`,
      description: 'Answer-seizure ratio: answered of all seizures, by direction; of several PBXs the lowest.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
    },
    instant(lowest(recorded(RECORDINGS.asrByDirection, '$window', { direction: '$direction' })), '{{direction}}'),
  )
}

/** All trunks of a PBX together, by direction. */
export function nerNow() {
  return stat(
    {
      title: `NER, last \${window}`,
      description:
        'Network effectiveness ratio: seizures for which the network did its part, by direction; of several PBXs the lowest.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
      steps: NER_STEPS,
    },
    instant(lowest(recorded(RECORDINGS.nerByDirection, '$window', { direction: '$direction' })), '{{direction}}'),
  )
}

function lowest(share: string): string {
  const of = ['job', 'instance', 'direction']
  return `min by (direction) (${fromEnough(share, sum(ATTEMPTS, of), of)})`
}

/** Each trunk and direction. */
export function asr() {
  return graph(
    {
      title: 'Answer-seizure ratio (ASR), by trunk and direction',
      description: 'Answered of all seizures: what the carrier answers for us, and what we answer for it.',
      unit: 'percentunit',
      max: 1,
      figures: ['lastNotNull', 'mean'],
      click: TO_WAY,
    },
    range(often(recorded(RECORDINGS.asrOfTrunkByDirection, '$window', CHOSEN_WAY)), `{{trunk}} {{direction}}${OF_PBX}`),
  )
}

/** Each trunk and direction. */
export function ner() {
  return graph(
    {
      title: 'Network effectiveness ratio (NER), by trunk and direction',
      description: `Seizures for which the network did its part (ITU-T E.425), busy and unanswered ones included: carriers promise ${NER_PROMISED * 100} %, an alert looks at ${TRUNK_NER_SHARE * 100} %.`,
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [TRUNK_NER_SHARE, 'red'], [NER_PROMISED, 'green']],
      figures: ['lastNotNull', 'mean'],
      click: TO_WAY,
    },
    range(often(recorded(RECORDINGS.nerOfTrunkByDirection, '$window', CHOSEN_WAY)), `{{trunk}} {{direction}}${OF_PBX}`),
  )
}

function often(share: string): string {
  return ofPbx(fromEnough(share, ATTEMPTS))
}
