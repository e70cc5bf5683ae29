// The names of phones, queues, trunks, lines and sites that the page knows, for the suggestions of the search box.
//
// Those of calls that were shown are remembered; the lists of the server are requested when the search box is used, once in some minutes.

import type { Api } from './api.ts'
import { ticks } from './clock.ts'
import type { ListedCall, LiveCall } from './entries.ts'
import type { Known } from './searchSuggestions.ts'

export interface KnownNames {
  /** `live`: the calls in progress. */
  known(live: Iterable<LiveCall>): Known
  /** These calls were shown. */
  add(calls: readonly ListedCall[]): void
  /** Requests the lists, unless that was a moment ago; resolves to whether there may be further names. */
  load(): Promise<boolean>
}

type Names = Readonly<Record<keyof Known, Map<string, string>>>

const RELOAD_MS = 300_000
/** Calls of months have more names than anybody looks through. */
const MOST = 5_000

export function createKnownNames(api: Api, isFleet: boolean): KnownNames {
  const names: Names = { operator: new Map(), queue: new Map(), trunk: new Map(), line: new Map(), site: new Map() }
  let loadedAt = Number.NEGATIVE_INFINITY

  const learn = (kind: keyof Known, name: string | null | undefined, of = ''): void => {
    const known = names[kind]
    if (name && (known.has(name) || known.size < MOST)) {
      known.set(name, of || (known.get(name) ?? ''))
    }
  }
  const learnCall = ({ answered_by, queue, trunk, site, ...call }: ListedCall | LiveCall): void => {
    learn('queue', queue)
    learn('trunk', trunk)
    learn('site', site)
    for (const endpoint of answered_by) {
      learn('operator', endpoint)
    }
    if ('tried' in call) {
      learn('line', call.line)
      for (const { endpoint } of call.tried) {
        learn('operator', endpoint)
      }
    }
  }
  const loadPbx = async (): Promise<void> => {
    const [endpoints, agents] = await Promise.all([api.endpoints(), api.agents()])
    for (const { endpoint, role } of endpoints.kind === 'ok' ? endpoints.value.endpoints : []) {
      learn(role === 'trunk' ? 'trunk' : 'operator', endpoint)
    }
    for (const { queue, operator, name } of agents.kind === 'ok' ? agents.value.agents : []) {
      learn('queue', queue)
      learn('operator', operator, name ?? '')
    }
    for (const { queue } of agents.kind === 'ok' ? agents.value.queues : []) {
      learn('queue', queue)
    }
  }
  const loadFleet = async (): Promise<void> => {
    const [operators, sites] = await Promise.all([api.operators(new URLSearchParams()), api.sites()])
    for (const { operator } of operators.kind === 'ok' ? operators.value.operators : []) {
      learn('operator', operator)
    }
    for (const { site } of sites.kind === 'ok' ? sites.value.sites : []) {
      learn('site', site)
    }
  }
  return {
    known(live) {
      for (const call of live) {
        learnCall(call)
      }
      // Who answered an outbound call is the trunk.
      const operator = new Map([...names.operator].filter(([name]) => !names.trunk.has(name)))
      return { ...names, operator }
    },
    add(calls) {
      for (const call of calls) {
        learnCall(call)
      }
    },
    async load() {
      if (ticks() - loadedAt < RELOAD_MS) {
        return false
      }
      loadedAt = ticks()
      await (isFleet ? loadFleet() : loadPbx())
      return true
    },
  }
}
