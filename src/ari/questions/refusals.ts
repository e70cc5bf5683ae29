// Which kinds of questions Asterisk does not answer at all: they are not asked for a while, and that is logged once.
//
// Without app_queue or func_strings, questions about queues are refused; other technologies than chan_pjsip count no RTP packets; a user
// without access is refused everything.

import type { Logger } from '../../log.ts'
import type { Question } from './question.ts'

/** This many refusals of one kind in a row are no accident. */
const MAX_REFUSALS = 10

/** How long a kind is not asked then. */
const REST_MS = 600_000

export interface Refusals {
  /** Whether a question may be asked now; `at` by a monotonic clock. */
  allows(question: Question, at: number): boolean
  answered(question: Question): void
  refused(question: Question, detail: string, at: number): void
}

const CONFIGURATION =
  'Asterisk does not tell how its endpoints are configured, so their names decide which are trunks: set TRUNKS'

const REMEDY: Readonly<Record<Question['about'], string>> = {
  queue:
    'Asterisk does not answer questions about queues, so nobody knows who is free, paused or in wrap-up: load app_queue.so, func_strings.so and res_ari_channels.so',
  member: 'Asterisk does not tell the states of queue members: load res_ari_device_states.so',
  available: 'Asterisk does not tell the states of queues: load res_ari_device_states.so',
  endpoint: CONFIGURATION,
  aor: CONFIGURATION,
  identify: CONFIGURATION,
  registration: CONFIGURATION,
  module: 'Asterisk does not tell which modules it runs',
  voice:
    'Asterisk does not answer questions about the voice of live calls: it counts RTP packets of PJSIP channels only',
}

const DENIED = 'HTTP 401'

const ACCESS = 'Asterisk refuses to answer ARI_USER: correct its password in ari.conf or in ARI_PASSWORD'

/** All kinds are allowed. */
export function createRefusals(log: Logger): Refusals {
  const inARow = new Map<Question['about'], number>()
  const restsUntil = new Map<Question['about'], number>()
  const logged = new Set<Question['about']>()

  return {
    allows: ({ about }, at) => at >= (restsUntil.get(about) ?? 0),
    answered({ about }) {
      inARow.delete(about)
    },
    refused({ about }, detail, at) {
      const refusals = (inARow.get(about) ?? 0) + 1
      inARow.set(about, refusals)
      if (refusals < MAX_REFUSALS) {
        return
      }
      inARow.delete(about)
      restsUntil.set(about, at + REST_MS)
      if (!logged.has(about)) {
        logged.add(about)
        log.warn({ about, detail }, `${detail === DENIED ? ACCESS : REMEDY[about]}, or set ARI_QUESTIONS_PER_SECOND=0`)
      }
    },
  }
}
