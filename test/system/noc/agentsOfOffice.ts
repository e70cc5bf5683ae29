// Who is there in a made-up office: the exporter's knowledge about agents, with every question answered at once by the simulated PBX.
//
// The questions are asked at each scrape, in place of the questioner's pace.

import { type Phones, presentPhones } from '../../../src/app/staffing.ts'
import type { Metrics } from '../../../src/metrics/metrics.ts'
import { freeMembers, isPaused, membersOf, readyMembers } from '../../../src/pbx-sim/asterisk/staff.ts'
import type { World } from '../../../src/pbx-sim/asterisk/world.ts'
import { operatorStates } from '../../../src/staffing/operatorStates.ts'
import type { StaffingAnswer, StaffingQuestion } from '../../../src/staffing/question.ts'
import { createStaffing, type Staffing } from '../../../src/staffing/staffing.ts'
import type { Total } from '../../../src/totals/total.ts'

export interface Agents {
  readonly staffing: Staffing
  /** Asks all that is due, if the session is in sync, and counts the time since the last scrape. */
  readonly ask: (now: AskedNow) => readonly Total[]
}

export interface AskedNow {
  /** Null while there is no session. */
  readonly world: World | null
  readonly at: number
  readonly countTime: Metrics['operatorTime']
}

const DAY_MS = 86_400_000

/** Nothing is known yet. */
export function createAgents(phones: Phones): Agents {
  const staffing = createStaffing({
    roleOf: phones.roleOf,
    liveChannels: phones.tracker.liveChannels,
    phones: () => presentPhones(phones),
    callOf: phones.tracker.phoneCall,
    dayStart: (at) => at - (at % DAY_MS),
  })
  let countedAt: number | null = null
  return {
    staffing,
    ask({ world, at, countTime }) {
      if (world === null) {
        countedAt = null
        return []
      }
      for (let question = staffing.next(at); question !== null; question = staffing.next(at)) {
        staffing.answered(question, answerOf(world, question), at)
      }
      staffing.advance(at)
      const seconds = countedAt === null ? 0 : (at - countedAt) / 1000
      countedAt = at
      const members = new Set([...staffing.agents()].flatMap(({ operator }) => operator ?? []))
      return countTime({
        states: operatorStates(presentPhones(phones), staffing.agents()),
        members,
        seconds,
      })
    },
  }
}

function answerOf(world: World, question: StaffingQuestion): StaffingAnswer {
  const members = membersOf(world, question.queue)
  switch (question.about) {
    case 'queue': {
      const paused = question.members.filter((member) => isPaused(world, question.queue, member) === true)
      const [free, ready] = [freeMembers, readyMembers].map((read) => read(world, question.queue).length)
      return {
        about: 'queue',
        exists: members !== undefined,
        members: members ?? [],
        paused,
        free: free ?? 0,
        ready: ready ?? 0,
      }
    }
    case 'member': {
      const paused = isPaused(world, question.queue, question.member)
      return { about: 'member', state: paused === null ? 'no_member' : paused ? 'paused' : 'active' }
    }
    case 'available': {
      const isSome = readyMembers(world, question.queue).length > 0
      return { about: 'available', state: members === undefined ? 'no_queue' : isSome ? 'some' : 'none' }
    }
  }
}
