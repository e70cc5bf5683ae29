// Dialplan functions, as any channel evaluates them for `GET /channels/{id}/variable`.
//
// In EVAL, a function that Asterisk does not know is an empty text; asked alone, it fails. Source: app_queue, func_strings.

import { freeMembers, isPaused, membersOf, readyMembers } from '../asterisk/staff.ts'
import type { World } from '../asterisk/world.ts'

/** The value; null if Asterisk has no such function. */
export function evaluate(world: World, expression: string): string | null {
  const [, name = '', given = ''] = /^([A-Z_]+)\((.*)\)$/s.exec(expression) ?? []
  if (name === 'EVAL') {
    return given.replace(/\$\{([^{}]*)\}/g, (_, inner: string) => evaluate(world, inner) ?? '')
  }
  const [queue = '', option = '', member = ''] = given.split(',')
  switch (name) {
    case 'QUEUE_EXISTS':
      return membersOf(world, queue) === undefined ? '0' : '1'
    case 'QUEUE_MEMBER_LIST':
      return (membersOf(world, queue) ?? []).join(',')
    case 'QUEUE_MEMBER':
      return queueMember(world, queue, [option, member])
    default:
      return null
  }
}

function queueMember(world: World, queue: string, [option, member]: readonly [string, string]): string {
  switch (option) {
    case 'free':
      return String(freeMembers(world, queue).length)
    case 'ready':
      return String(readyMembers(world, queue).length)
    case 'count':
      return String((membersOf(world, queue) ?? []).length)
    case 'paused':
      return isPaused(world, queue, member) === true ? '1' : '0'
    default:
      return ''
  }
}
