// The answers to what the exporter asks about queue members, the voice of channels, endpoints and modules, with Asterisk's status codes and messages.
//
// A share of them can be faulty: slow, 404, 500, or of another shape. Source: answers of Asterisk 22.10 (test/unit/ari/answers).

import { configurationOf } from '../asterisk/configuration.ts'
import { rtpStatistics } from '../asterisk/media.ts'
import { deviceState, isPaused, membersOf, readyMembers } from '../asterisk/staff.ts'
import type { World } from '../asterisk/world.ts'
import type { Random } from '../random.ts'
import { error, ok, type RestAnswer } from './answer.ts'
import { evaluate } from './functions.ts'

/** `variable` is what the request asks for. */
export function channelVariable(world: World, id: string, variable: string | null): RestAnswer {
  if (variable === null || variable === '') {
    return error(400, 'Variable name is required')
  }
  if (!world.channels.has(id)) {
    return error(404, 'Provided channel was not found')
  }
  if (!variable.endsWith(')')) {
    return error(404, 'Provided variable was not found')
  }
  const value = evaluate(world, variable)
  return value === null ? error(500, 'Unable to read provided function') : ok({ value })
}

export function channelStatistics(world: World, id: string): RestAnswer {
  const channel = world.channels.get(id)
  if (channel === undefined) {
    return error(404, 'Channel not found')
  }
  return channel.endpoint === '' ? error(403, 'Unsupported channel type') : ok(rtpStatistics(world, channel))
}

export function oneDeviceState(world: World, name: string): RestAnswer {
  return ok({ name, state: stateOf(world, name) })
}

function stateOf(world: World, name: string): string {
  const pause = /^Queue:(.+?)_pause_(.+)$/.exec(name)
  if (pause !== null) {
    const isNow = isPaused(world, pause[1] ?? '', pause[2] ?? '')
    return isNow === null ? 'INVALID' : isNow ? 'INUSE' : 'NOT_INUSE'
  }
  const queue = /^Queue:(.+)_avail$/.exec(name)?.[1]
  if (queue === undefined) {
    return deviceState(world, name)
  }
  if (membersOf(world, queue) === undefined) {
    return 'INVALID'
  }
  return readyMembers(world, queue).length > 0 ? 'NOT_INUSE' : 'INUSE'
}

/** `GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}`. */
export function configuration(world: World, [configClass, type = '', id = '']: readonly string[]): RestAnswer {
  if (configClass !== 'res_pjsip') {
    return error(404, 'ConfigClass not found')
  }
  const attributes = configurationOf(world, type, id)
  if (attributes === null) {
    return error(404, 'ObjectType not found')
  }
  return attributes === undefined ? error(404, `Object with id '${id}' not found`) : ok(attributes)
}

const MODULES: ReadonlyMap<string, string> = new Map([
  ['app_queue.so', 'True Call Queueing'],
  ['app_voicemail.so', 'Comedian Mail (Voicemail System)'],
  ['chan_pjsip.so', 'PJSIP Channel Driver'],
  ['func_strings.so', 'String handling dialplan functions'],
  ['res_http_websocket.so', 'HTTP WebSocket Support'],
  ['res_pjsip.so', 'Basic SIP resource'],
  ['res_prometheus.so', 'Asterisk Prometheus Module'],
  ['res_stasis.so', 'Stasis application support'],
])

/** `GET /asterisk/modules/{moduleName}`; `missing`: names that are not loaded. */
export function module(name: string, missing: readonly string[]): RestAnswer {
  const description = missing.includes(name) ? undefined : MODULES.get(name)
  return description === undefined
    ? error(404, 'Module could not be found in running modules')
    : ok({ name, description, use_count: 0, status: 'Running', support_level: 'core' })
}

const SLOWEST_MS = 2_000

/** The same answer, or a faulty one; `share`: of all answers. */
export function perhapsFaulty(answer: RestAnswer, random: Random, share: number): RestAnswer {
  if (!random.chance(share)) {
    return answer
  }
  return random.pick<() => RestAnswer>([
    () => ({ ...answer, afterMs: random.whole(60, SLOWEST_MS) }),
    () => error(404, 'Channel not found'),
    () => error(500, 'Unable to read provided function'),
    () => ok({ value: random.whole(0, 9), state: null, rxcount: 'many', txcount: {} }),
    () => ok([]),
    () => ({ status: 200, text: '{"value":"1|' }),
  ])()
}
