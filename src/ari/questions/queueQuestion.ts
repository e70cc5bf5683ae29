// The questions about the members of queues, as dialplan expressions and device states, and their answers.
//
// A question about a queue is one expression, so that its parts are of one moment. EVAL substitutes the functions in its argument and
// changes nothing; a function that Asterisk does not know is an empty part. No name that is asked contains the separator.
// Source: Asterisk's app_queue; answers of Asterisk 22.10 and 16.28 in test/unit/ari/answers.

import { isAskable } from '../../staffing/askable.ts'
import type { StaffingAnswer, StaffingQuestion } from '../../staffing/question.ts'

type QueueQuestion = Extract<StaffingQuestion, { about: 'queue' }>

type DeviceQuestion = Exclude<StaffingQuestion, QueueQuestion>

const SEPARATOR = '|'

/** Asterisk cuts a value off at 4,096 bytes, its last zero included. */
const LONGEST_VALUE = 4_095

/** Asterisk's HTTP server takes a request line of 4,096 bytes; the names that a channel id adds are short. */
const LONGEST_EXPRESSION = 3_800

/** The expression that asks; null if a name would mean something in it, or if there are too many members for one question. */
export function queueExpression({ queue, members }: QueueQuestion): string | null {
  if (![queue, ...members].every(isAskable)) {
    return null
  }
  // The list comes last: it alone can be long.
  const parts = [
    `QUEUE_EXISTS(${queue})`,
    `QUEUE_MEMBER(${queue},free)`,
    `QUEUE_MEMBER(${queue},ready)`,
    ...members.map((member) => `QUEUE_MEMBER(${queue},paused,${member})`),
    `QUEUE_MEMBER_LIST(${queue})`,
  ]
  const expression = `EVAL(${parts.map((part) => `\${${part}}`).join(SEPARATOR)})`
  return encodeURIComponent(expression).length <= LONGEST_EXPRESSION ? expression : null
}

/** The answer in the value of that expression; null if it is none. */
export function readQueueValue({ members }: QueueQuestion, value: string): StaffingAnswer | null {
  const [exists, free, ready, ...rest] = value.split(SEPARATOR)
  const list = rest.pop()
  const isWhole = Buffer.byteLength(value) < LONGEST_VALUE && rest.length === members.length
  if (!isWhole || list === undefined || ![exists, ...rest].every(isFlag) || !isCount(free) || !isCount(ready)) {
    return null
  }
  return {
    about: 'queue',
    exists: exists === '1',
    members: list.split(',').filter((member) => member !== ''),
    paused: members.filter((_, index) => rest[index] === '1'),
    free: Number(free),
    ready: Number(ready),
  }
}

/** The device whose state answers; null if a name is none that is asked. */
export function queueDevice(question: DeviceQuestion): string | null {
  if (question.about === 'available') {
    return isAskable(question.queue) ? `Queue:${question.queue}_avail` : null
  }
  const { queue, member } = question
  return isAskable(queue) && isAskable(member) ? `Queue:${queue}_pause_${member}` : null
}

/** The answer in the state of that device; null if it is none. */
export function readQueueDevice({ about }: DeviceQuestion, state: string): StaffingAnswer | null {
  const isUnknown = state === 'INVALID' || state === 'UNKNOWN'
  if (!isUnknown && state !== 'NOT_INUSE' && state !== 'INUSE') {
    return null
  }
  if (about === 'available') {
    return { about, state: isUnknown ? 'no_queue' : state === 'NOT_INUSE' ? 'some' : 'none' }
  }
  return { about, state: isUnknown ? 'no_member' : state === 'NOT_INUSE' ? 'active' : 'paused' }
}

function isFlag(part: string | undefined): boolean {
  return part === '0' || part === '1'
}

function isCount(part: string | undefined): boolean {
  return part !== undefined && /^\d{1,6}$/.test(part)
}
