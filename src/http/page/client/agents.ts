// Who works in the queues: what the API said of agents, and what the feed reported since.
//
// The API is asked once for each snapshot of the feed, at an interval (for occupancy, and for queues that are gone), and when a call is in
// a queue that is not known yet.

import { type AgentQueue, createAgentList } from './agentList.ts'
import { type Api, errorText } from './api.ts'
import type { AnyMessage } from './entries.ts'
import type { I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'

export interface KnownAgents {
  readonly queues: readonly AgentQueue[]
  /** Since when occupancy is known (ISO 8601); null while it is not. */
  readonly occupancySince: string | null
  /** False: Asterisk is not asked, and nothing can be known. */
  readonly isAsked: boolean
}

export interface Agents {
  load(): Promise<void>
  /** A message of the feed. */
  apply(message: AnyMessage): void
  /** The same object until something changes; null: not known yet. */
  known(): KnownAgents | null
  /** Why the last request failed; an empty text if it did not. */
  problem(): string
}

export interface AgentsDependencies {
  readonly i18n: I18n
  readonly api: Api
  /** An answer arrived, or a request failed. */
  readonly onAnswer: () => void
}

export function createAgents({ i18n, api, onAnswer }: AgentsDependencies): Agents {
  const list = createAgentList(new Intl.Collator(i18n.language, { numeric: true }).compare)
  /** Null: not known yet. */
  let isAsked: boolean | null = null
  let problem = ''
  let known: KnownAgents | null = null
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    list.begin()
    const result = await api.agents(signal)
    if (result.kind === 'cancelled') {
      return
    }
    if (result.kind === 'ok') {
      list.load(result.value)
      isAsked = result.value.questions_per_second > 0
      known = null
    }
    problem = errorText(result, i18n)
    onAnswer()
  }
  return {
    load,
    apply(message) {
      switch (message.type) {
        case 'snapshot': {
          return void load()
        }
        case 'agent': {
          list.apply(message)
          known = null
          break
        }
        case 'call': {
          if (message.call.queue !== null && !list.has(message.call.queue) && isAsked === true) {
            request.soon()
          }
        }
      }
      if (problem !== '') {
        request.soon()
      }
    },
    known() {
      if (known === null && isAsked !== null) {
        known = { queues: isAsked ? list.queues() : [], occupancySince: list.occupancySince(), isAsked }
      }
      return known
    },
    problem: () => problem,
  }
}
