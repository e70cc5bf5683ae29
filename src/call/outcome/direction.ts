// Derives the direction of a call from the roles of its endpoints.
//
// The first target settles the direction; transfers do not change it.

import type { Direction } from '../event.ts'
import type { EndpointRole } from '../fact.ts'

/** The role of an endpoint, by its name (`trunk-a` -> trunk). */
export type RoleOf = (endpoint: string) => EndpointRole

/**
 * Roles by name. With patterns (globs: `*` any run, `?` one character, case counts) an endpoint that matches one is a
 * trunk and any other a phone. Without, an endpoint whose name is all digits is a phone and any other a trunk.
 */
export function rolesByName(trunkPatterns: readonly string[]): RoleOf {
  if (trunkPatterns.length === 0) {
    return (endpoint) => (/^\d+$/.test(endpoint) ? 'phone' : 'trunk')
  }
  const patterns = trunkPatterns.map(globToRegExp)
  return (endpoint) => (patterns.some((pattern) => pattern.test(endpoint)) ? 'trunk' : 'phone')
}

/** `target` null: offered to the PBX itself (a queue), or to nobody. */
export function directionOf(caller: EndpointRole, target: EndpointRole | null): Direction {
  if (caller === 'trunk') {
    return target === 'trunk' ? 'transit' : 'inbound'
  }
  return target === 'trunk' ? 'outbound' : 'internal'
}

/** `*` any run, `?` one character; case counts. */
export function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}
