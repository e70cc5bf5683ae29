// `POST /channels/{id}`: rings a phone, then dials an extension in the context of phones: another phone, or a number on a trunk.

import { destinationOf } from '../../numbers/destination.ts'
import { channelJson } from '../asterisk/channel.ts'
import type { PlaceOptions, Simulator } from '../simulator.ts'
import { error, type RestAnswer } from './answer.ts'
import type { RestRequest } from './rest.ts'

/** The office is in Finland. */
const COUNTRY = 'FI'
const CONTEXT = 'internal'

export function originate({ query }: RestRequest, simulator: Simulator, channelId: string): RestAnswer {
  const { world } = simulator
  const [endpoint, extension, context] = ['endpoint', 'extension', 'context'].map((name) => query.get(name) ?? '')
  const caller = world.endpoints.get(endpoint?.replace(/^PJSIP\//, '') ?? '')
  if (endpoint === '' || extension === undefined || extension === '') {
    return error(400, 'Endpoint and extension must be specified')
  }
  if (world.channels.has(channelId)) {
    return error(409, 'Channel with given unique ID already exists')
  }
  if (caller?.role !== 'phone' || !caller.online || context !== CONTEXT) {
    return error(500, 'Allocation failed')
  }
  const fixed: PlaceOptions = { caller: caller.resource, channelId }
  if (world.endpoints.get(extension)?.role === 'phone') {
    simulator.place('controlled-to-phone', { ...fixed, callee: extension })
  } else {
    const dialed = { number: extension, destination: destinationOf(COUNTRY)(extension) }
    simulator.place('controlled-to-number', { ...fixed, outside: { number: extension }, dialed })
  }
  const channel = world.channels.get(channelId)
  return channel === undefined
    ? error(500, 'Allocation failed')
    : { status: 200, text: channelJson(channel, world.stamp) }
}
