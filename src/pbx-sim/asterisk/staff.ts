// Who is a member of which queue, who is paused and who is in wrap-up.
//
// As in Asterisk: members from the configuration come back at a restart, unpaused; the device state of a pause outlives the membership.
// Source: app_queue; answers of Asterisk 22.10.

import type { SimChannel } from './channel.ts'
import { QUEUES } from './endpoints.ts'
import type { World } from './world.ts'

interface Membership {
  isMember: boolean
  isPaused: boolean
  /** The end of the wrap-up after the last call. */
  readyAt: number
}

export interface SimStaff {
  /** By queue and interface (`PJSIP/102`). */
  readonly queues: Map<string, Map<string, Membership>>
  readonly wrapUpMs: Readonly<Record<string, number>>
  /** Agents' channels that talk with a caller of a queue, by id. */
  readonly serving: Map<string, string>
}

/** Queues with a wrap-up time. */
const WRAP_UP_MS: Readonly<Record<string, number>> = { support: 20_000 }

/** `speed` divides the wrap-up times. */
export function createStaff(speed: number): SimStaff {
  const wrapUpMs = Object.fromEntries(Object.entries(WRAP_UP_MS).map(([queue, ms]) => [queue, ms / speed]))
  const staff: SimStaff = { queues: new Map(), wrapUpMs, serving: new Map() }
  resetStaff(staff)
  return staff
}

/** As after a restart. */
export function resetStaff(staff: SimStaff): void {
  staff.serving.clear()
  for (const [queue, resources] of Object.entries(QUEUES)) {
    const members = resources.map((resource) => [`PJSIP/${resource}`, newMember()] as const)
    staff.queues.set(queue, new Map(members))
  }
}

/** The interfaces of a queue's members; undefined for an unknown queue. */
export function membersOf({ staff }: World, queue: string): readonly string[] | undefined {
  const all = staff.queues.get(queue)
  return all && [...all].filter(([, one]) => one.isMember).map(([member]) => member)
}

/** Whether the queue calls that member: not paused, whatever the phone does. */
export function isOnDuty({ staff }: World, queue: string, member: string): boolean {
  const one = staff.queues.get(queue)?.get(member)
  return one?.isMember === true && !one.isPaused
}

/** Null: nobody of that name was ever a member. */
export function isPaused({ staff }: World, queue: string, member: string): boolean | null {
  return staff.queues.get(queue)?.get(member)?.isPaused ?? null
}

/** Members who are not paused and whose phone is idle. */
export function freeMembers(world: World, queue: string): readonly string[] {
  return (membersOf(world, queue) ?? []).filter(
    (member) => isOnDuty(world, queue, member) && deviceState(world, member) === 'NOT_INUSE',
  )
}

/** Those of them who are not in wrap-up. */
export function readyMembers(world: World, queue: string): readonly string[] {
  const members = world.staff.queues.get(queue)
  return freeMembers(world, queue).filter((member) => (members?.get(member)?.readyAt ?? 0) <= world.now())
}

/** The state of a phone or trunk. */
export function deviceState({ endpoints, byEndpoint }: World, device: string): string {
  const endpoint = endpoints.get(device.replace(/^PJSIP\//, ''))
  if (endpoint === undefined || !device.startsWith('PJSIP/')) {
    return 'INVALID'
  }
  const states = Array.from(byEndpoint.get(device) ?? [], ({ state }) => state)
  if (states.length > 0) {
    return states.every((state) => state === 'Ringing') ? 'RINGING' : 'INUSE'
  }
  return endpoint.online ? 'NOT_INUSE' : 'UNAVAILABLE'
}

/** AddQueueMember() and RemoveQueueMember(). */
export function setMember({ staff }: World, queue: string, member: string, isMember: boolean): void {
  const members = staff.queues.get(queue)
  if (members !== undefined) {
    members.set(member, { ...(members.get(member) ?? newMember()), isMember, isPaused: false })
  }
}

/** PauseQueueMember() and UnpauseQueueMember() for one queue. */
export function setPaused({ staff }: World, queue: string, member: string, isNow: boolean): void {
  const one = staff.queues.get(queue)?.get(member)
  if (one?.isMember === true) {
    one.isPaused = isNow
  }
}

/** An agent took a call of a queue. */
export function noteServing({ staff }: World, agent: SimChannel, queue: string): void {
  staff.serving.set(agent.id, queue)
}

/** A channel ended; the wrap-up begins if it was an agent's. */
export function noteEnded(world: World, channel: SimChannel): void {
  const { serving, queues, wrapUpMs } = world.staff
  const queue = serving.get(channel.id)
  const one = queue === undefined ? undefined : queues.get(queue)?.get(channel.endpoint)
  if (queue !== undefined && one !== undefined) {
    one.readyAt = world.now() + (wrapUpMs[queue] ?? 0)
  }
  serving.delete(channel.id)
}

function newMember(): Membership {
  return { isMember: true, isPaused: false, readyAt: 0 }
}
