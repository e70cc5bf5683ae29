// Missed callers: who waits to be called back, and who was closed today. Follows the live feed, so that it empties itself.
//
// The lists are requested once for each snapshot of the feed; after that its reports are enough, unless more callers wait than are
// requested, or the request failed.

import { type Api, type ApiResult, errorText } from './api.ts'
import { ticks, today } from './clock.ts'
import type { Caller } from './entries.ts'
import { dayStart } from './filters.ts'
import type { I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'
import { createMissedCallerList, type Order } from './missedCallerList.ts'
import { createMissedCallersView } from './missedCallersView.ts'
import type { CallerActions } from './missedCallerTables.ts'

export interface MissedCallers {
  readonly section: HTMLElement
  /** The feed starts anew: requests the lists. */
  load(): Promise<void>
  /** Shows those of this site only; an empty text: all. Requests the lists if it is another one. */
  setSite(site: string): void
  /** The feed reported this caller. */
  apply(caller: Caller): void
  /** Something else changed: repeats a request that failed. */
  retry(): void
  /** Draws what changed since the last time. */
  draw(): void
  /** Updates the clocks. */
  tick(): void
  /** How many wait, and who has waited longest; null: not known yet. */
  waiting(): WaitingCallers | null
}

export interface WaitingCallers {
  readonly count: number
  /** The longest wait first. */
  readonly first: readonly Caller[]
}

export interface MissedCallersDependencies extends CallerActions {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
  /** The server's time, epoch ms. */
  readonly now: () => number
}

const PAGE_SIZE = 500
/** Of those who wait. */
const MAX_WAITING = 500
/** Of those who were closed today, the last who were missed. */
const MAX_CLOSED = 2_000
/** A page may be short, even empty, without being the last. */
const MAX_PAGES = 20
/** An exporter sends what it reports to the central call log within seconds, unless that cannot be reached. */
const CENTRAL_LAG_MS = 60_000

export function createMissedCallers({ i18n, api, isFleet, now, ...actions }: MissedCallersDependencies): MissedCallers {
  const list = createMissedCallerList({ lagMs: isFleet ? CENTRAL_LAG_MS : 0, ticks })
  let site = ''
  const waitingQuery = (order: Order): URLSearchParams =>
    ofSite(site, { state: 'waiting', order: order === 'longest' ? 'oldest' : 'newest' })
  const closedQuery = (): URLSearchParams => ofSite(site, { closed_from: dayStart(today()) })
  const view = createMissedCallersView({
    ...{ i18n, isFleet, now, ...actions },
    onOrder: () => reorder(),
    waitingQuery,
    closedQuery,
  })
  let isKnown = false
  /** What there is besides the list. */
  let unknown = { waiting: 0, isClosedComplete: true }
  let hasFailed = false
  let isChanged = false
  let shownDay = ''
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    list.begin()
    const [waiting, closed] = await Promise.all([
      callersOf(api, { query: pageOf(waitingQuery(view.order())), atMost: MAX_WAITING }, signal),
      callersOf(api, { query: pageOf(closedQuery()), atMost: MAX_CLOSED }, signal),
    ])
    if (waiting.kind === 'ok' && closed.kind === 'ok') {
      list.load([...waiting.value.callers, ...closed.value.callers])
      isKnown = true
      hasFailed = false
      const { callers, isComplete, waiting: total } = waiting.value
      unknown = {
        waiting: isComplete ? 0 : Math.max(0, total - callers.length),
        isClosedComplete: closed.value.isComplete,
      }
      view.showError('')
      show()
      return
    }
    const failure = waiting.kind === 'ok' ? closed : waiting
    if (failure.kind === 'refused' || failure.kind === 'unreachable') {
      hasFailed = true
      view.showError(errorText(failure, i18n))
    }
  }
  const show = (): void => {
    isChanged = false
    shownDay = dayStart(today())
    view.show({
      waiting: list.waiting(view.order()),
      unknownWaiting: unknown.waiting,
      closed: list.closedSince(shownDay),
      isClosedComplete: unknown.isClosedComplete,
    })
  }
  const reorder = (): void => {
    if (isKnown) {
      show()
    }
    if (unknown.waiting > 0) {
      void load()
    }
  }
  return {
    section: view.element,
    load,
    setSite(next) {
      if (next !== site) {
        site = next
        view.updateQueries()
        void load()
      }
    },
    apply(caller) {
      if (site !== '' && caller.site !== site) {
        return
      }
      list.apply(caller)
      isChanged = true
      if (unknown.waiting > 0 || hasFailed) {
        request.soon()
      }
    },
    retry() {
      if (hasFailed) {
        request.soon()
      }
    },
    draw() {
      if (isKnown && (isChanged || shownDay !== dayStart(today()))) {
        show()
      }
    },
    tick: () => view.tick(now()),
    waiting() {
      const first = list.waiting('longest')
      return isKnown ? { count: first.length + unknown.waiting, first } : null
    },
  }
}

interface Callers {
  readonly callers: readonly Caller[]
  /** All who wait. */
  readonly waiting: number
  /** False: there are more than were requested. */
  readonly isComplete: boolean
}

async function callersOf(
  api: Api,
  { query, atMost }: { readonly query: URLSearchParams; readonly atMost: number },
  signal: AbortSignal,
): Promise<ApiResult<Callers>> {
  const callers: Caller[] = []
  let waiting = 0
  for (let page = 0; page < MAX_PAGES && callers.length < atMost; page += 1) {
    const result = await api.missedCallers(query, signal)
    if (result.kind !== 'ok') {
      return result
    }
    callers.push(...result.value.missed_callers)
    waiting = result.value.waiting
    if (result.value.next === null) {
      return { kind: 'ok', value: { callers, waiting, isComplete: true } }
    }
    query.set('cursor', result.value.next)
  }
  return { kind: 'ok', value: { callers, waiting, isComplete: false } }
}

function ofSite(site: string, query: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ ...query, ...(site !== '' && { site }) })
}

function pageOf(query: URLSearchParams): URLSearchParams {
  query.set('limit', String(PAGE_SIZE))
  return query
}
