// Agents: who is free, with whom the others talk, who is paused. Follows the live feed.
//
// The API is asked once for each snapshot of the feed, at an interval (for occupancy, and for queues that are gone), and when a call is in
// a queue that is not known yet.

import { createAgentList } from './agentList.ts'
import { createAgentsView } from './agentsView.ts'
import type { AgentTableDependencies } from './agentTable.ts'
import { type Api, errorText } from './api.ts'
import { today } from './clock.ts'
import type { AnyMessage } from './entries.ts'
import { dayStart } from './filters.ts'
import { createLatestRequest } from './latestRequest.ts'

export interface AgentsPart {
  readonly section: HTMLElement
  load(): Promise<void>
  /** A message of the feed. */
  apply(message: AnyMessage): void
  /** Draws what changed since the last time. */
  draw(): void
  /** Updates the clocks. */
  tick(): void
}

export function createAgents({ api, ...dependencies }: AgentTableDependencies & { readonly api: Api }): AgentsPart {
  const { i18n, now } = dependencies
  const view = createAgentsView(dependencies)
  const list = createAgentList((one, other) => one.localeCompare(other, i18n.language, { numeric: true }))
  /** Null: not known yet. */
  let isAsked: boolean | null = null
  let hasFailed = false
  let isChanged = false
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    list.begin()
    const result = await api.agents(signal)
    if (result.kind === 'ok') {
      list.load(result.value)
      isAsked = result.value.questions_per_second > 0
      hasFailed = false
      view.showError('')
      isChanged = true
      draw()
    } else if (result.kind !== 'cancelled') {
      hasFailed = true
      view.showError(errorText(result, i18n))
    }
  }
  const draw = (): void => {
    if (isChanged && isAsked !== null) {
      isChanged = false
      const occupancySince = list.occupancySince()
      view.show({ queues: list.queues(), occupancySince, today: dayStart(today()), isAsked })
    }
  }
  return {
    section: view.element,
    load,
    apply(message) {
      switch (message.type) {
        case 'snapshot': {
          return void load()
        }
        case 'agent': {
          list.apply(message)
          isChanged = true
          break
        }
        case 'call': {
          if (message.call.queue !== null && !list.has(message.call.queue) && isAsked === true) {
            request.soon()
          }
        }
      }
      if (hasFailed) {
        request.soon()
      }
    },
    draw,
    tick: () => view.tick(now()),
  }
}
