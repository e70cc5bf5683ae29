// The sites of a fleet: the choice of the site that the whole page shows, and the state of each node.
//
// While the page has no connection to its server, every state is shown as not known.

import type { NodeEntry } from '../../live/fleetMessage.ts'
import type { Api } from './api.ts'
import { type Column, el, field, options, row, write, writeOrHide } from './dom.ts'
import type { LiveCall, LoggedSite } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { createShortTable, type TableRow } from './shortTable.ts'
import { type SiteRow, siteNames, siteRows } from './siteList.ts'

export interface Sites {
  readonly section: HTMLElement
  /** Requests the sites that have calls in the log. */
  load(): Promise<void>
  /** `nodes`: null while they are not known, or not any more. */
  show(nodes: readonly NodeEntry[] | null, calls: Iterable<LiveCall>): void
  /** Updates the ages. */
  tick(): void
  /** Shows this site as the chosen one; an empty text: all. */
  setSite(site: string): void
}

export interface SitesDependencies {
  readonly i18n: I18n
  readonly api: Api
  /** The server's time, epoch ms. */
  readonly now: () => number
  /** The user chose this site; an empty text: all. */
  readonly onSite: (site: string) => void
}

/** Rows that are shown at first. */
const LENGTH = 10

export function createSites({ i18n, api, now, onSite }: SitesDependencies): Sites {
  const { t } = i18n
  const compare = new Intl.Collator(i18n.language, { numeric: true }).compare
  const columns: readonly Column[] = [
    { label: t('column.site') },
    { label: t('column.state') },
    { label: t('column.since'), kind: 'number' },
    { label: t('column.live'), kind: 'number' },
    { label: t('column.lastCall'), kind: 'number' },
    { label: t('column.asterisk') },
  ]
  const select = el('select', { name: 'site' })
  const count = el('span', { class: 'count' })
  let [nodes, isKnown]: [readonly NodeEntry[], boolean] = [[], false]
  let logged: readonly LoggedSite[] = []
  let calls: Iterable<LiveCall> = []
  let chosen = ''
  let offered = ''
  const siteTable = createShortTable({
    ...{ i18n, columns, name: 'site-table', label: t('sites.title'), length: LENGTH },
    keyOf: ({ key }: SiteRow) => key,
    create: () => createRow(columns, { i18n, now, isChosen: (site) => site === chosen, onSite }),
  })
  const draw = (): void => {
    const rows = siteRows({ nodes, isKnown, logged, calls }, compare)
    const names = siteNames(rows, chosen, compare)
    if (JSON.stringify(names) !== offered) {
      offered = JSON.stringify(names)
      select.replaceChildren(...options([['', t('sites.all')], ...names.map((name) => [name, name] as const)]))
    }
    select.value = chosen
    siteTable.show(rows)
    write(count, i18n.number(rows.length))
  }
  select.addEventListener('change', () => onSite(select.value))
  draw()
  const title = el('h2', { id: 'sites' }, t('sites.title'), ' ', count)
  return {
    section: el(
      'section',
      { class: 'sites', 'aria-labelledby': 'sites' },
      el('div', { class: 'title' }, title, field(t('sites.show'), select)),
      siteTable.element,
    ),
    async load() {
      const result = await api.sites()
      // Without an answer the last one stays: the lists say that the log does not answer.
      if (result.kind === 'ok') {
        logged = result.value.sites
        draw()
      }
    },
    show(nextNodes, nextCalls) {
      isKnown = nextNodes !== null
      nodes = nextNodes ?? nodes
      calls = [...nextCalls]
      draw()
    },
    tick() {
      for (const each of siteTable.rows()) {
        each.tick()
      }
    },
    setSite(site) {
      chosen = site
      draw()
    },
  }
}

interface RowDependencies {
  readonly i18n: I18n
  readonly now: () => number
  readonly isChosen: (site: string) => boolean
  readonly onSite: (site: string) => void
}

interface SiteTableRow extends TableRow<SiteRow> {
  tick(): void
}

function createRow(columns: readonly Column[], { i18n, now, isChosen, onSite }: RowDependencies): SiteTableRow {
  const { t } = i18n
  const name = el('button', { type: 'button', class: 'site' })
  const [state, problem] = [el('span', { class: 'state' }), el('span', { class: 'why' })]
  const [since, live, lastCall, asterisk] = [el('span'), el('span'), el('span'), el('span')]
  let [site, instants]: [string | null, Instants] = [null, { since: null, lastCall: null }]
  const tick = (): void => {
    write(since, ageOf(instants.since, now(), i18n))
    write(lastCall, agoOf(instants.lastCall, now(), i18n))
  }
  name.addEventListener('click', () => {
    if (site !== null) {
      onSite(isChosen(site) ? '' : site)
    }
  })
  const element = row(columns, [[name], [state, ' ', problem], [since], [live], [lastCall], [asterisk]])
  return {
    element,
    tick,
    show(next) {
      site = next.site
      instants = next
      since.title = next.since === null ? '' : i18n.time(next.since)
      lastCall.title = next.lastCall === null ? '' : i18n.time(next.lastCall)
      tick()
      element.dataset['state'] = next.state
      write(name, next.name)
      name.disabled = site === null
      name.setAttribute('aria-pressed', String(site !== null && isChosen(site)))
      write(state, t(`sites.${next.state}`))
      writeOrHide(problem, next.problem)
      write(live, next.live === null ? DASH : i18n.number(next.live))
      write(asterisk, next.asterisk ?? DASH)
    },
  }
}

type Instants = Pick<SiteRow, 'since' | 'lastCall'>

function agoOf(instant: string | null, now: number, i18n: I18n): string {
  return instant === null ? DASH : i18n.t('sites.ago', { span: ageOf(instant, now, i18n) })
}

// In minutes, so that it stands still.
function ageOf(instant: string | null, now: number, i18n: I18n): string {
  if (instant === null) {
    return DASH
  }
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000))
  return i18n.span(seconds < 60 ? seconds : seconds - (seconds % 60))
}
