// Agents pause, log off and come back, by dialing a number of the dialplan.
//
// Each is a call to the PBX itself, which answers, does it and says so. Source: events of Asterisk 22.10 and 16.28
// (test/unit/pbx-sim/phone-*.ndjson).

import { arrive, runApp, setVariable } from '../actions/channel.ts'
import { type Call, conclude, type ExpectedCall, type Script } from '../asterisk/call.ts'
import type { SimEndpoint } from '../asterisk/channel.ts'
import { QUEUES } from '../asterisk/endpoints.ts'
import { isOnDuty, setMember, setPaused } from '../asterisk/staff.ts'
import { ANSWER_MS, announceAndEnd, pbxAnswers } from './trunk.ts'

interface Command {
  readonly exten: string
  readonly app: string
  /** Behind the queue and the interface. */
  readonly more?: string
  /** The variable that says what happened. */
  readonly result: readonly [string, string]
  readonly act: (call: Call, member: string) => void
}

const REASONS = ['lunch', 'break', 'meeting', 'paperwork']

/** How much longer than a conversation an agent is away. */
const AWAY = 4

const UNPAUSE: Command = {
  exten: '*47',
  app: 'UnpauseQueueMember',
  result: ['UPQMSTATUS', 'UNPAUSED'],
  act: ({ world, parties }, member) => setPaused(world, parties.queue, member, false),
}

const LOG_OFF: Command = {
  exten: '*46',
  app: 'RemoveQueueMember',
  result: ['RQMSTATUS', 'REMOVED'],
  act: ({ world, parties }, member) => setMember(world, parties.queue, member, false),
}

const LOG_ON: Command = {
  exten: '*45',
  app: 'AddQueueMember',
  result: ['AQMSTATUS', 'ADDED'],
  act: ({ world, parties }, member) => setMember(world, parties.queue, member, true),
}

export const agentPauses: Script = function* (call) {
  const agent = agentOnDuty(call)
  const pause: Command = {
    exten: '*48',
    app: 'PauseQueueMember',
    more: `,,${call.random.pick(REASONS)}`,
    result: ['PQMSTATUS', 'PAUSED'],
    act: ({ world, parties }, member) => setPaused(world, parties.queue, member, true),
  }
  const paused = yield* dialCommand(call, agent, pause)
  yield call.times.talkMs * AWAY
  return [paused, yield* dialCommand(call, agent, UNPAUSE)]
}

export const agentLogsOff: Script = function* (call) {
  const agent = agentOnDuty(call)
  const loggedOff = yield* dialCommand(call, agent, LOG_OFF)
  yield call.times.talkMs * AWAY
  return [loggedOff, yield* dialCommand(call, agent, LOG_ON)]
}

function* dialCommand(call: Call, agent: SimEndpoint, command: Command): Generator<number, ExpectedCall, boolean> {
  const { world, parties } = call
  const member = `PJSIP/${agent.resource}`
  const caller = arrive(world, agent, { exten: command.exten })
  pbxAnswers(call, caller)
  yield ANSWER_MS
  runApp(world, caller, command.app, `${parties.queue},${member}${command.more ?? ''}`)
  command.act(call, member)
  setVariable(world, caller, command.result)
  yield* announceAndEnd(call, caller)
  return conclude(call, caller, { disposition: 'self_service', callee: command.exten, tried: false })
}

/** One of the queue's agents who is on duty; any if nobody is. */
function agentOnDuty({ world, parties, random }: Call): SimEndpoint {
  const all = QUEUES[parties.queue].flatMap((resource) => world.endpoints.get(resource) ?? [])
  const onDuty = all.filter(({ resource }) => isOnDuty(world, parties.queue, `PJSIP/${resource}`))
  return random.pick(onDuty.length > 0 ? onDuty : all)
}
