// The endpoints of the PBX with their roles, why they have them, and what to set if one is wrong; and whether registrations can be known.
//
// Trunks and doubtful endpoints are listed, phones are counted; a view or a name shows others. Nothing is changed in the exporter: the
// page only puts the setting together.

import type { Role } from '../../../endpoint/judge.ts'
import type { EndpointEntry } from '../../../query/endpointSchema.ts'
import type { PbxStatus } from '../../live/message.ts'
import { type Api, errorText } from './api.ts'
import { el, field, options, problemLine, write, writeOrHide } from './dom.ts'
import { chooseEndpoints, countEndpoints, isWrong, trunksSetting, VIEWS } from './endpointList.ts'
import { createEndpointTable } from './endpointTable.ts'
import type { AnyMessage } from './entries.ts'
import type { I18n } from './i18n.ts'

export interface Endpoints {
  readonly section: HTMLElement
  load(): Promise<void>
  /** Requests them again if the message says that Asterisk came or went. */
  apply(message: AnyMessage): void
  /** Null: not known yet. */
  showPbx(pbx: PbxStatus | null): void
}

export function createEndpoints(i18n: I18n, api: Api): Endpoints {
  const { t } = i18n
  const wanted = new Map<string, Role>()
  let all: readonly EndpointEntry[] = []
  let request = new AbortController()
  const compare = new Intl.Collator(i18n.language, { numeric: true }).compare
  const endpointTable = createEndpointTable({
    i18n,
    isWrong: (one) => isWrong(one, wanted),
    onWrong(one) {
      if (isWrong(one, wanted)) {
        wanted.delete(one.endpoint)
      } else {
        wanted.set(one.endpoint, one.role === 'trunk' ? 'phone' : 'trunk')
      }
      draw()
    },
  })
  const view = el('select', { name: 'endpoints-view' })
  view.append(...options(VIEWS.map((each) => [each, t(`endpoints.view.${each}`)] as const)))
  const find = el('input', { type: 'search', name: 'endpoints-find', autocomplete: 'off', spellcheck: 'false' })
  const count = el('span', { class: 'count' })
  const [error, noTrunk] = [problemLine(), el('p', { class: 'problem' }, t('endpoints.noTrunk'))]
  const [hint, registrations] = [el('p', { class: 'muted' }), el('p', { class: 'registrations' })]
  const setting = el('code')
  const correction = el('p', { class: 'correction' }, t('endpoints.correction'), ' ', setting)
  const announced = el('div', { role: 'status', class: 'corrections' }, correction)
  const tools = el(
    'div',
    { class: 'endpoint-tools' },
    field(t('endpoints.find'), find),
    field(t('endpoints.show'), view),
  )
  const section = el(
    'section',
    { class: 'endpoints', 'aria-labelledby': 'endpoints' },
    el('div', { class: 'title' }, el('h2', { id: 'endpoints' }, t('endpoints.title'), ' ', count)),
    ...[error, noTrunk, registrations, hint, tools, announced, ...endpointTable.elements],
  )
  for (const each of [section, noTrunk, registrations, correction]) {
    each.hidden = true
  }

  const draw = (): void => {
    const { trunks, phones, doubtful, offline } = countEndpoints(all)
    const number = i18n.number
    const numbers = { trunks: number(trunks), phones: number(phones), doubtful: number(doubtful) }
    write(count, t('endpoints.count', { ...numbers, offline: number(offline) }))
    noTrunk.hidden = trunks > 0
    write(hint, t(all.some(({ decided_by }) => decided_by === 'setting') ? 'endpoints.setting' : 'endpoints.hint'))
    const chosen = VIEWS.find((each) => each === view.value) ?? 'notable'
    endpointTable.show(chooseEndpoints(all, { view: chosen, text: find.value, compare }))
    correction.hidden = !all.some((one) => isWrong(one, wanted))
    write(setting, correction.hidden ? '' : trunksSetting(all, wanted))
  }
  const choose = (): void => {
    endpointTable.shorten()
    draw()
  }
  view.addEventListener('change', choose)
  find.addEventListener('input', choose)

  const load = async (): Promise<void> => {
    request.abort()
    request = new AbortController()
    const result = await api.endpoints(request.signal)
    if (result.kind === 'cancelled') {
      return
    }
    writeOrHide(error, errorText(result, i18n))
    if (result.kind !== 'ok') {
      section.hidden = false
      return
    }
    all = result.value.endpoints
    section.hidden = all.length === 0
    draw()
  }
  return {
    section,
    load,
    apply({ type }) {
      if (type === 'snapshot' || type === 'pbx') {
        void load()
      }
    },
    showPbx(pbx) {
      const isRunning = pbx?.res_prometheus ?? null
      registrations.hidden = isRunning === null
      registrations.dataset['running'] = String(isRunning)
      write(registrations, isRunning === null ? '' : t(isRunning ? 'registrations.running' : 'registrations.missing'))
    },
  }
}
