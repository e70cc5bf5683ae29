// The active calls, callers in a queue first, then the oldest, each with a running clock.
//
// A row is reused as long as its call is active, so that focus and scroll position stay. Screen readers announce only the number
// of calls, at an interval. On a very busy PBX only the first calls are shown. In a fleet they cannot be opened: the central call log has the
// calls that ended.

import { el, keyedList, table, write } from './dom.ts'
import { type LiveCall, liveKeyOf } from './entries.ts'
import { DASH } from './i18n.ts'
import { inOrder } from './liveOrder.ts'
import { createLiveRow, type LiveRowDependencies, liveColumns } from './liveRow.ts'
import type { SitesOff } from './siteList.ts'

export interface LiveCalls {
  readonly section: HTMLElement
  /** By their keys (entries.ts). `isObserved`: false if nothing of them is known now. `off`: of a fleet. */
  show(calls: ReadonlyMap<string, LiveCall>, isObserved: boolean, off?: SitesOff): void
  /** Shows those of this site only; an empty text: all. */
  setSite(site: string): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

const NONE_OFF: SitesOff = { names: new Set(), isPartial: false }
const MAX_SHOWN = 100
const ANNOUNCE_INTERVAL_MS = 15_000

export function createLiveCalls(dependencies: LiveRowDependencies): LiveCalls {
  const { i18n } = dependencies
  const { t } = i18n
  const columns = liveColumns(dependencies)
  const { element, body } = table(t('live.title'), columns)
  const rows = keyedList(body, {
    keyOf: liveKeyOf,
    create: (call: LiveCall) => createLiveRow(call, columns, dependencies),
    update: (known, call) => known.show(call, isObserved && (call.site === undefined || !off.names.has(call.site))),
  })
  const none = el('p', { class: 'none' })
  const more = el('p', { class: 'muted' })
  const count = el('span', { class: 'count' })
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = 0
  let total = 0
  let site = ''
  let all: ReadonlyMap<string, LiveCall> = new Map()
  let off = NONE_OFF
  let isObserved = false

  const noneText = (): string => {
    if (off.names.has(site)) {
      return t('fleet.siteOff')
    }
    if (!isObserved) {
      return t('live.unknown')
    }
    return t(off.isPartial && site === '' ? 'fleet.noCall' : 'live.none')
  }
  const draw = (): void => {
    const shown = site === '' ? [...all.values()] : [...all.values()].filter((call) => call.site === site)
    total = shown.length
    rows.show(inOrder(shown).slice(0, MAX_SHOWN))
    element.hidden = total === 0
    none.hidden = total > 0
    write(none, noneText())
    more.hidden = total <= MAX_SHOWN
    write(more, t('live.more', { count: i18n.number(total - MAX_SHOWN) }))
    write(count, !isObserved || off.names.has(site) ? DASH : i18n.number(total))
  }

  const section = el(
    'section',
    { class: 'live', 'aria-labelledby': 'live' },
    el('h2', { id: 'live' }, t('live.title'), ' ', count),
    announcement,
    none,
    element,
    more,
  )
  return {
    section,
    show(calls, nextObserved, sitesOff = NONE_OFF) {
      all = calls
      off = sitesOff
      isObserved = nextObserved
      draw()
    },
    setSite(next) {
      if (next !== site) {
        site = next
        draw()
      }
    },
    tick(now) {
      for (const each of rows.all()) {
        each.tick(now)
      }
      if (now - announcedAt < ANNOUNCE_INTERVAL_MS) {
        return
      }
      announcedAt = now
      write(announcement, isObserved ? i18n.counted('live.count', total) : '')
    },
  }
}
