// Final refusals of SIP, one by one: before any sign of life, and after the phone has rung.
//
// What each means is said by its status (Q.850 causes as Asterisk derives them are lossy); time-outs and "not available now"
// depend on whether the phone had rung.

import { setTimeout as sleep } from 'node:timers/promises'
import { fromOutside } from '../families/family.ts'
import { extension } from './config.ts'
import type { Flow, Meant } from './flow.ts'

type Result = 'busy' | 'rejected' | 'invalid_number' | 'no_answer' | 'unreachable' | 'congestion' | 'failed'

interface Refused {
  readonly status: string
  readonly atOnce: Result
  /** What it is after ringing, where that differs. */
  readonly later?: Result
}

const REFUSALS: readonly Refused[] = [
  { status: '401 Unauthorized', atOnce: 'rejected' },
  { status: '403 Forbidden', atOnce: 'rejected' },
  { status: '404 Not Found', atOnce: 'invalid_number' },
  { status: '408 Request Timeout', atOnce: 'unreachable', later: 'no_answer' },
  { status: '410 Gone', atOnce: 'invalid_number' },
  { status: '480 Temporarily Unavailable', atOnce: 'unreachable', later: 'no_answer' },
  { status: '484 Address Incomplete', atOnce: 'invalid_number' },
  { status: '485 Ambiguous', atOnce: 'invalid_number' },
  { status: '486 Busy Here', atOnce: 'busy' },
  { status: '488 Not Acceptable Here', atOnce: 'failed' },
  { status: '500 Server Internal Error', atOnce: 'congestion' },
  { status: '502 Bad Gateway', atOnce: 'unreachable' },
  { status: '503 Service Unavailable', atOnce: 'congestion' },
  { status: '504 Server Time-out', atOnce: 'unreachable', later: 'no_answer' },
  { status: '600 Busy Everywhere', atOnce: 'busy' },
  { status: '603 Decline', atOnce: 'rejected' },
  { status: '604 Does Not Exist Anywhere', atOnce: 'invalid_number' },
  { status: '606 Not Acceptable', atOnce: 'failed' },
]

const SAID_BY_CALLEE: ReadonlySet<Result> = new Set(['busy', 'rejected'])
const MISSED: ReadonlySet<Result> = new Set(['busy', 'rejected', 'no_answer', 'unreachable', 'congestion'])

function meant(
  result: Result,
  phone: string,
): Pick<Meant, 'disposition' | 'missed' | 'answered_by' | 'hangup_by' | 'legs'> {
  const hangupBy = SAID_BY_CALLEE.has(result) ? 'callee' : 'system'
  const row = { disposition: result, missed: MISSED.has(result) ? 1 : 0, hangup_by: hangupBy } as const
  return { ...row, answered_by: [], legs: [`${phone} ${result}`] }
}

const AT_ONCE: readonly Flow[] = REFUSALS.map(({ status, atOnce }) => ({
  name: `refusal-${status.slice(0, 3)}-at-once`,
  async play({ phones, a, b }) {
    phones.closes(b, status)
    await phones.call({ from: a, to: b }).refused
  },
  rows: ({ a, b }) => [{ ...meant(atOnce, b), direction: 'internal', caller: a, callee: b }],
}))

const AFTER_RINGING: readonly Flow[] = REFUSALS.map(({ status, atOnce, later = atOnce }) => ({
  name: `refusal-${status.slice(0, 3)}-after-ringing`,
  async play(cast) {
    const call = cast.phones.call(fromOutside(cast, cast.b))
    const ringing = await cast.phones.rung(cast.b)
    await sleep(500)
    ringing.refuse(status)
    await call.refused
  },
  rows: ({ b, outside }) => [
    { ...meant(later, b), direction: 'inbound', caller: outside, callee: b, trunk: 'trunk-b' },
  ],
}))

const BY_CARRIERS: readonly Flow[] = [
  {
    name: 'refusal-480-by-a-carrier',
    config: ({ line, other }) => ({ extensions: extension(line, `Dial(PJSIP/${other}@trunk-b,3)`) }),
    async play({ phones, a, line, other }) {
      phones.closes(other, '480 Temporarily Unavailable')
      await phones.call({ from: a, to: line }).refused
    },
    rows: ({ a }) => [
      {
        ...{ direction: 'outbound', disposition: 'unreachable', missed: 0, caller: a, answered_by: [] },
        ...{ hangup_by: 'system', trunk: 'trunk-b', legs: ['trunk-b unreachable'] },
      },
    ],
  },
  {
    name: 'refusal-410-by-a-carrier-after-ringing',
    config: ({ line, other }) => ({ extensions: extension(line, `Dial(PJSIP/${other}@trunk-b,3)`) }),
    async play({ phones, a, line, other }) {
      const call = phones.call({ from: a, to: line })
      const ringing = await phones.rung(other)
      await sleep(500)
      ringing.refuse('410 Gone')
      await call.refused
    },
    rows: ({ a }) => [
      {
        ...{ direction: 'outbound', disposition: 'invalid_number', missed: 0, caller: a, answered_by: [] },
        ...{ hangup_by: 'system', trunk: 'trunk-b', legs: ['trunk-b invalid_number'] },
      },
    ],
  },
]

export const REFUSED: readonly Flow[] = [...AT_ONCE, ...AFTER_RINGING, ...BY_CARRIERS]
