// Which figures (metrics, boards) stay empty with this Asterisk and these settings, why, and what to do.

import type { Config } from '../../config.ts'
import { CATALOGUE } from '../../metrics/catalogue/catalogue.ts'
import type { AsteriskFound } from './asterisk.ts'
import { type Finding, note, ok } from './finding.ts'

const FIGURES = 'figures'

export interface FigureInputs {
  readonly found: AsteriskFound
  readonly config: Pick<Config, 'ari' | 'calls' | 'callback'>
  /** Queues in the call log, in events, or remembered by the exporter. */
  readonly queues: readonly string[]
}

/** What stays empty; one finding that says so if nothing does. */
export function figureFindings(inputs: FigureInputs): readonly Finding[] {
  const empty = [...queueFigures(inputs), ...callFigures(inputs), ...settingFigures(inputs)]
  return empty.length > 0 ? empty : [ok(FIGURES, 'none stays empty for a reason that is seen here')]
}

function empty(figures: string, why: string, todo: string | null): Finding {
  return note(FIGURES, `${figures}: empty, because ${why}`, todo)
}

function queueFigures({ found: { modules }, config: { ari }, queues }: FigureInputs): readonly Finding[] {
  const figures = `board Queues (${CATALOGUE.queueWaiting.name}, ${CATALOGUE.queueWait.name})`
  if (ari.detail === 'lean') {
    return [empty(figures, 'ARI_EVENTS=lean leaves queues out', 'set ARI_EVENTS=full')]
  }
  if (modules.get('app_queue') === false) {
    return [empty(figures, 'app_queue does not run', 'load it in modules.conf, if there are queues')]
  }
  if (queues.length === 0) {
    return [empty(figures, 'no queue is known', 'wait: a queue is known once a caller enters it')]
  }
  return [
    ok('queues', queues.toSorted().join(', ')),
    ...(ari.questionsPerSecond === 0
      ? [empty('agents of queues', 'ARI_QUESTIONS_PER_SECOND=0 asks nobody', 'set it to 5')]
      : []),
  ]
}

function callFigures({ found: { modules, endpoints }, config: { ari } }: FigureInputs): readonly Finding[] {
  const findings: Finding[] = []
  if (endpoints !== null && !endpoints.some(({ role }) => role === 'trunk')) {
    const todo = 'set TRUNKS to the names of all trunks, if there are any'
    findings.push(empty('boards Trunks, Destinations; inbound and outbound calls', 'no endpoint is a trunk', todo))
  }
  if (modules.get('chan_pjsip') === false) {
    findings.push(empty('board Voice quality', 'chan_pjsip does not run, and no other technology counts packets', null))
  } else if (ari.detail === 'lean') {
    findings.push(empty('board Voice quality', 'ARI_EVENTS=lean leaves voice quality out', 'set ARI_EVENTS=full'))
  } else if (ari.questionsPerSecond === 0) {
    const todo = 'set it to 5'
    findings.push(empty('voice of live calls', 'ARI_QUESTIONS_PER_SECOND=0 asks nobody', todo))
  }
  if (modules.get('app_voicemail') === false) {
    findings.push(
      empty(
        'calls that end in voicemail',
        'app_voicemail does not run',
        'load it in modules.conf, if there is voicemail',
      ),
    )
  }
  if (modules.get('res_prometheus') === false) {
    const todo = 'load res_prometheus and scrape it: prometheus/README.md'
    findings.push(empty('registrations of trunks', 'res_prometheus does not run', todo))
  }
  return findings
}

function settingFigures({ config: { calls, callback } }: FigureInputs): readonly Finding[] {
  const findings: Finding[] = []
  if (callback.country === null) {
    const todo = 'set COUNTRY to the two-letter code of your country'
    findings.push(empty('the destination of numbers that begin with neither + nor 00', 'COUNTRY is not set', todo))
  }
  if (calls.lines.length === 0) {
    findings.push(
      empty(CATALOGUE.lineCalls.name, 'LINES is not set', 'set LINES to name the numbers called from outside'),
    )
  }
  if (calls.trunkChannels.length === 0) {
    findings.push(
      empty(
        'how full trunks are',
        'TRUNK_CHANNELS is not set',
        'set TRUNK_CHANNELS to the number of calls that each can carry',
      ),
    )
  }
  return findings
}
