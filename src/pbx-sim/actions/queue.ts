// Actions for Queue(): a caller waits, agents are called, one answers, or the wait ends in another way.
//
// Unlike Dial(), a queue gives its agents the caller's number only when they ring, its Dial events contain the interface, and it
// reports the end of an unsuccessful attempt twice. Source: recorded traffic.

import { ANSWERED_ELSEWHERE } from '../asterisk/cause.ts'
import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { noteServing } from '../asterisk/staff.ts'
import { sendDial, type World } from '../asterisk/world.ts'
import { createBridge, enter, sendPeers, type Talk } from './bridge.ts'
import {
  changeState,
  connectLine,
  destroy,
  reach,
  runApp,
  runWithoutEvents,
  sendDialplan,
  setVariable,
  setVariables,
} from './channel.ts'
import { type Attempt, seconds } from './dial.ts'

/** One wait of a caller in a queue. */
export interface SimQueueWait {
  readonly caller: SimChannel
  readonly queue: string
  readonly enteredAt: number
}

export function enterQueue(world: World, caller: SimChannel, queue: string): SimQueueWait {
  runApp(world, caller, 'Queue', argumentsOf(queue))
  return startWait(world, caller, queue)
}

/** The caller is moved into a queue from outside their dialplan: no event reports that Queue() starts. */
export function enterQueueWithoutEvents(world: World, caller: SimChannel, queue: string): SimQueueWait {
  runWithoutEvents(caller, 'Queue', argumentsOf(queue))
  return startWait(world, caller, queue)
}

function argumentsOf(queue: string): string {
  return `${queue},,,,20`
}

function startWait(world: World, caller: SimChannel, queue: string): SimQueueWait {
  setVariables(world, caller, {
    ANSWEREDTIME: '',
    ANSWEREDTIME_MS: '',
    DIALEDTIME: '',
    DIALEDTIME_MS: '',
    QUEUEWAIT: '',
    QUEUEWAIT_MS: '',
  })
  return { caller, queue, enteredAt: world.now() }
}

/** The queue calls its agents. */
export function callAgents(world: World, queueWait: SimQueueWait, agents: readonly SimEndpoint[]): readonly Attempt[] {
  return agents.map((agent): Attempt => {
    const peer = reach(world, agent)
    const dialString = `PJSIP/${agent.resource}`
    setVariable(world, peer, ['DIALEDPEERNUMBER', agent.resource])
    sendDial(world, { caller: queueWait.caller, peer, status: '', dialString })
    return { peer, dialString }
  })
}

/** The agents' phones ring. */
export function ringAgents(world: World, queueWait: SimQueueWait, attempts: readonly Attempt[]): void {
  for (const { peer, dialString } of attempts) {
    amend(peer, {
      connectedName: queueWait.caller.callerName,
      connectedNumber: queueWait.caller.callerNumber,
      exten: queueWait.caller.exten,
      app: 'AppQueue',
      appData: '(Outgoing Line)',
    })
    changeState(world, peer, 'Ringing')
    sendDialplan(world, peer)
    connectLine(world, peer, queueWait.caller)
    sendDial(world, { caller: queueWait.caller, peer, status: 'RINGING', dialString })
  }
}

/** One agent answers, the other attempts are cancelled, and the two talk. */
export function agentAnswers(
  world: World,
  queueWait: SimQueueWait,
  who: { readonly attempts: readonly Attempt[]; readonly agent: Attempt },
): Talk {
  const { caller } = queueWait
  const { agent } = who
  const losers = who.attempts.filter((other) => other !== agent)
  changeState(world, agent.peer, 'Up')
  sendDial(world, { caller, peer: agent.peer, status: 'ANSWER', dialString: agent.dialString })
  for (const { peer } of losers) {
    sendDial(world, { caller, peer, status: 'CANCEL' })
  }
  connectLine(world, caller, agent.peer)
  for (const { peer, dialString } of losers) {
    sendDial(world, { caller, peer, status: 'CANCEL', dialString })
  }
  sendWait(world, queueWait)
  return joinAgent(world, queueWait, { losers, agent })
}

/** The wait ends before an agent answered: every attempt is cancelled, with two events each. */
export function cancelAgents(world: World, queueWait: SimQueueWait, attempts: readonly Attempt[]): void {
  for (const { peer } of attempts) {
    sendDial(world, { caller: queueWait.caller, peer, status: 'CANCEL' })
  }
  for (const { peer, dialString } of attempts) {
    sendDial(world, { caller: queueWait.caller, peer, status: 'CANCEL', dialString })
  }
}

/** The caller hung up in the queue. */
export function abandonQueue(world: World, queueWait: SimQueueWait): void {
  leaveQueue(world, queueWait)
  setVariables(world, queueWait.caller, { ABANDONED: 'TRUE', QUEUEPOSITION: '1' })
}

/** Sends how long the caller waited, when the wait ends without an agent. */
export function leaveQueue(world: World, queueWait: SimQueueWait): void {
  setVariables(world, queueWait.caller, { ...waits(world, queueWait), ...times(world, queueWait.caller) })
}

/** Sends how long the caller waited, when an agent answered. */
export function sendWait(world: World, queueWait: SimQueueWait): void {
  setVariables(world, queueWait.caller, { QUEUEPOSITION: '1', ...waits(world, queueWait) })
}

/** The queue's time-out is over; Asterisk sets ABANDONED then, too. */
export function timeOutQueue(world: World, queueWait: SimQueueWait): void {
  setVariables(world, queueWait.caller, {
    ABANDONED: 'TRUE',
    ...waits(world, queueWait),
    ...times(world, queueWait.caller),
    QUEUEPOSITION: '1',
    QUEUESTATUS: 'TIMEOUT',
  })
}

function joinAgent(
  world: World,
  queueWait: SimQueueWait,
  who: { readonly losers: readonly Attempt[]; readonly agent: Attempt },
): Talk {
  const { caller } = queueWait
  const { peer } = who.agent
  const bridge = createBridge(world)
  noteServing(world, peer, queueWait.queue)
  for (const loser of who.losers) {
    destroy(world, loser.peer, ANSWERED_ELSEWHERE)
  }
  enter(world, bridge, peer)
  enter(world, bridge, caller)
  sendPeers(world, [caller, peer], 3)
  bridge.technology = 'native_rtp'
  return { caller, peer, bridge, dialedAt: caller.createdAt, fromAt: world.now() }
}

// Asterisk counts a wait in whole seconds and writes them as milliseconds, too.
function waits(world: World, queueWait: SimQueueWait): { readonly QUEUEWAIT: string; readonly QUEUEWAIT_MS: string } {
  const waited = seconds(world.now() - queueWait.enteredAt)
  return { QUEUEWAIT: waited, QUEUEWAIT_MS: String(Number(waited) * 1000) }
}

function times(world: World, caller: SimChannel): Readonly<Record<string, string>> {
  const dialed = world.now() - caller.createdAt
  return { DIALEDTIME: seconds(dialed), DIALEDTIME_MS: String(dialed), ANSWEREDTIME: '0', ANSWEREDTIME_MS: '0' }
}
