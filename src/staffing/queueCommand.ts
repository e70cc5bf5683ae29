// What the dialplan does to a queue and its members, read from the applications that channels run.
//
// The event comes before the application has run, and does not tell whether it succeeds. Source: Asterisk's app_queue (the arguments of
// its applications); events of Asterisk 22.10.

import type { ChannelSnapshot } from '../call/event.ts'

export type QueueCommand =
  /** A caller enters. */
  | { readonly type: 'entered'; readonly queue: string }
  /** `stateInterface`: the device whose state counts, if it is another than the member's. */
  | {
      readonly type: 'added'
      readonly queue: string
      readonly member: string
      readonly name: string | null
      readonly stateInterface: string | null
    }
  | { readonly type: 'removed'; readonly queue: string; readonly member: string }
  /** `queue` null: every queue that it is a member of. */
  | {
      readonly type: 'paused'
      readonly queue: string | null
      readonly member: string
      readonly reason: string | null
    }
  | { readonly type: 'unpaused'; readonly queue: string | null; readonly member: string }

/** A command that concerns a member. */
export type MemberCommand = Exclude<QueueCommand, { type: 'entered' }>

/** The command that a channel runs; null if it runs something else. */
export function queueCommand({ app, appData, name }: ChannelSnapshot): QueueCommand | null {
  if (!APPLICATIONS.has(app)) {
    return null
  }
  const [first, second, , fourth, fifth, sixth] = argumentsOf(appData)
  const queue = orNull(first)
  // Without an interface, the channel's own phone is meant.
  const member = orNull(second) ?? name.slice(0, Math.max(0, name.lastIndexOf('-')))
  if (app === 'PauseQueueMember') {
    return { type: 'paused', queue, member, reason: orNull(fourth) }
  }
  if (app === 'UnpauseQueueMember') {
    return { type: 'unpaused', queue, member }
  }
  if (queue === null) {
    return null
  }
  switch (app) {
    case 'AddQueueMember':
      return { type: 'added', queue, member, name: orNull(fifth), stateInterface: orNull(sixth) }
    case 'RemoveQueueMember':
      return { type: 'removed', queue, member }
    default:
      return { type: 'entered', queue }
  }
}

const APPLICATIONS: ReadonlySet<string> = new Set([
  'Queue',
  'AddQueueMember',
  'RemoveQueueMember',
  'PauseQueueMember',
  'UnpauseQueueMember',
])

function argumentsOf(appData: string): readonly string[] {
  return appData.split(/(?<!\\),/).map((argument) => argument.replaceAll('\\,', ',').trim())
}

function orNull(argument: string | undefined): string | null {
  return argument === undefined || argument === '' ? null : argument
}
