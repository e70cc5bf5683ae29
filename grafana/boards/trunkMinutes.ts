// Minutes, a part of the board "Trunks and endpoints": time in conversation, how long conversations last, and the very short ones.
//
// Averages and shares are recorded; those of fewer than five answered seizures are not shown.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsAround, clicked } from '../addresses.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, type Section } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { increase, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { range } from '../targets.ts'

const SELECTED_TRUNK = { trunk: '$trunk' } as const
const SELECTED_WAY = { trunk: '$trunk', direction: '$direction' } as const
const ANSWERED = recorded(RECORDINGS.trunkAnswered, '$window', SELECTED_TRUNK)
const EACH_WAY = ['job', 'instance', 'trunk', 'direction']
const EACH_TRUNK = `{{trunk}}${OF_PBX}`
const TO_TRUNK = {
  title: 'Call log: calls of this trunk around that time',
  url: callsAround({ trunk: clicked('trunk') }),
}

/** The section. */
export function minutesSection(): Section {
  return {
    title: 'Minutes',
    rows: [equalWidths(9, talkTime(), averageTalk()), equalWidths(8, shortCalls(), shortShare())],
  }
}

function talkTime() {
  return barsOverTime(
    {
      title: 'Time in conversation, by trunk and direction',
      description: 'Minutes of conversation of the seizures that ended within each bar, by trunk and direction.',
      unit: 'minutes',
      colorsByOrder: true,
      click: TO_TRUNK,
    },
    range(
      ofPbx(`${sum(increase(series(CATALOGUE.trunkTalk, SELECTED_WAY)), EACH_WAY)} / 60 > 0`),
      `{{trunk}} {{direction}}${OF_PBX}`,
    ),
  )
}

function averageTalk() {
  return graph(
    {
      title: 'Average conversation (ACD), by trunk',
      description:
        'Conversation time per answered seizure over the selected window: a sudden fall is a fault or fraud.',
      unit: 's',
      calculations: ['lastNotNull', 'mean'],
      click: TO_TRUNK,
    },
    range(ofPbx(fromEnough(recorded(RECORDINGS.trunkAcd, '$window', SELECTED_TRUNK), ANSWERED)), EACH_TRUNK),
  )
}

function shortCalls() {
  return barsOverTime(
    {
      title: 'Short calls, by trunk and direction',
      description: 'Answered seizures with less than 6 seconds of conversation: false answers, robots, wrong numbers.',
      unit: 'short',
      colorsByOrder: true,
      click: TO_TRUNK,
    },
    range(
      ofPbx(`${sum(increase(series(CATALOGUE.trunkShortCalls, SELECTED_WAY)), EACH_WAY)} > 0`),
      `{{trunk}} {{direction}}${OF_PBX}`,
    ),
  )
}

function shortShare() {
  return graph(
    {
      title: 'Share of short calls, by trunk',
      description:
        'Answered seizures with less than 6 seconds of conversation, per answered seizure, over the selected window.',
      unit: 'percentunit',
      softMax: 0.2,
      calculations: ['lastNotNull', 'mean'],
      click: TO_TRUNK,
    },
    range(ofPbx(fromEnough(recorded(RECORDINGS.trunkShortShare, '$window', SELECTED_TRUNK), ANSWERED)), EACH_TRUNK),
  )
}
