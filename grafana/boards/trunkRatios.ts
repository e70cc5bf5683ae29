// ASR and NER, a part of the board "Trunks and endpoints": the shares of seizures that were answered, and that got through.
//
// Only recorded ratios; the formulas are in prometheus/rules/recording.yml. A ratio of fewer than five seizures is not shown.

import { callsAround, clicked } from '../addresses.ts'
import { fromEnough, ofScraped } from '../known.ts'
import { graph } from '../panels/graph.ts'
import type { Steps } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { TRUNK_NER_SHARE } from '../thresholds.ts'

const SELECTED_WAY = { trunk: '$trunk', direction: '$direction' } as const
const ATTEMPTS = recorded(RECORDINGS.attemptsByDirection, '$window', SELECTED_WAY)
// The usual service level of carriers; the alert fires far below it, when calls are refused.
const NER_PROMISED = 0.95
const NER_POOR = 0.9

const TO_WAY = {
  title: 'Call log: calls of this trunk and direction around that time',
  url: callsAround({ trunk: clicked('trunk'), direction: clicked('direction') }),
}

/** Thresholds of NER: red below 90 %, green from 95 % on. */
export const NER_STEPS: Steps = ['red', [NER_POOR, 'orange'], [NER_PROMISED, 'green']]

/** ASR of all trunks of a PBX, by direction. */
export function asrNow() {
  return stat(
    {
      title: `ASR, last \${window}`,
      description: 'Answer-seizure ratio: answered seizures per seizure, by direction; of several PBXs the lowest.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
    },
    instant(lowest(recorded(RECORDINGS.asrByDirection, '$window', { direction: '$direction' })), '{{direction}}'),
  )
}

/** NER of all trunks of a PBX, by direction. */
export function nerNow() {
  return stat(
    {
      title: `NER, last \${window}`,
      description:
        'Network effectiveness ratio: seizures that reached the called party per seizure, by direction; of several PBXs the lowest.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
      steps: NER_STEPS,
    },
    instant(lowest(recorded(RECORDINGS.nerByDirection, '$window', { direction: '$direction' })), '{{direction}}'),
  )
}

// Of a PBX that is not scraped, the records go on for some time.
function lowest(share: string): string {
  const of = ['job', 'instance', 'direction']
  return `min by (direction) (${ofScraped(fromEnough(share, sum(ATTEMPTS, of), of))})`
}

/** ASR over time, by trunk and direction. */
export function asr() {
  return graph(
    {
      title: 'Answer-seizure ratio (ASR), by trunk and direction',
      description: 'Answered seizures per seizure over the selected window.',
      unit: 'percentunit',
      max: 1,
      colorsByOrder: true,
      calculations: ['lastNotNull', 'mean'],
      click: TO_WAY,
    },
    range(
      often(recorded(RECORDINGS.asrOfTrunkByDirection, '$window', SELECTED_WAY)),
      `{{trunk}} {{direction}}${OF_PBX}`,
    ),
  )
}

/** NER over time, by trunk and direction. */
export function ner() {
  return graph(
    {
      title: 'Network effectiveness ratio (NER), by trunk and direction',
      description: `Seizures that reached the called party per seizure (ITU-T E.425), busy and unanswered ones included: carriers promise ${NER_PROMISED * 100} %, the alert fires below ${TRUNK_NER_SHARE * 100} %.`,
      unit: 'percentunit',
      max: 1,
      colorsByOrder: true,
      steps: ['transparent', [TRUNK_NER_SHARE, 'red'], [NER_PROMISED, 'green']],
      calculations: ['lastNotNull', 'mean'],
      click: TO_WAY,
    },
    range(
      often(recorded(RECORDINGS.nerOfTrunkByDirection, '$window', SELECTED_WAY)),
      `{{trunk}} {{direction}}${OF_PBX}`,
    ),
  )
}

function often(share: string): string {
  return ofPbx(fromEnough(share, ATTEMPTS))
}
