// Begins and ends calls, after a question: a dialog that the keyboard can answer. Exists only where the server allows it.
//
// The phone that the user chose is stored by the browser. One question makes one request, whatever is pressed how often: its key is made
// when the question is asked.

import { type Api, type ApiResult, errorText } from './api.ts'
import { el, field, options, problemLine, write, writeOrHide } from './dom.ts'
import type { LiveCall } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'

export interface Control {
  /** The dialog, and what is announced after it. */
  readonly elements: readonly HTMLElement[]
  callBack(number: string): void
  hangUp(call: LiveCall): void
}

interface Question {
  readonly title: string
  readonly text: string
  readonly action: string
  /** Whether the user's phone is asked for. */
  readonly needsPhone: boolean
  act(phone: string): Promise<ApiResult<unknown>>
  done(phone: string): string
}

const STORAGE_KEY = 'phone'

export function createControl({ i18n, api }: { readonly i18n: I18n; readonly api: Api }): Control {
  const { t } = i18n
  const title = el('h2', { id: 'control' })
  const text = el('p')
  const phones = el('select', { name: 'control-phone', required: '' })
  const phone = field(t('control.phone'), phones)
  const error = problemLine()
  const confirm = el('button', { type: 'submit' })
  const cancel = el('button', { type: 'button' }, t('control.cancel'))
  const form = el('form', { class: 'content' }, text, phone, error, el('div', { class: 'tools' }, confirm, ' ', cancel))
  const dialog = el(
    'dialog',
    { class: 'question', 'aria-labelledby': 'control' },
    el('div', { class: 'title' }, title),
    form,
  )
  const told = el('p', { class: 'visually-hidden', role: 'status' })
  let asked: Question | null = null

  const answer = async (): Promise<void> => {
    const question = asked
    if (question === null || confirm.disabled) {
      return
    }
    confirm.disabled = true
    const chosen = phones.value
    const result = await question.act(chosen)
    if (asked !== question) {
      return
    }
    confirm.disabled = false
    if (result.kind === 'refused' || result.kind === 'unreachable') {
      return writeOrHide(error, errorText(result, i18n))
    }
    if (question.needsPhone) {
      store(chosen)
    }
    dialog.close()
    write(told, question.done(chosen))
  }
  const ask = (question: Question): void => {
    asked = question
    write(title, question.title)
    write(text, question.text)
    write(confirm, question.action)
    writeOrHide(error, '')
    write(told, '')
    phone.hidden = !question.needsPhone
    // A hidden field that is required would keep the form from being sent.
    phones.disabled = !question.needsPhone
    confirm.disabled = question.needsPhone
    dialog.showModal()
    if (question.needsPhone) {
      void offerPhones(question)
    } else {
      cancel.focus()
    }
  }
  const offerPhones = async (question: Question): Promise<void> => {
    const result = await api.endpoints()
    if (asked !== question || result.kind === 'cancelled') {
      return
    }
    if (result.kind !== 'ok') {
      return writeOrHide(error, errorText(result, i18n))
    }
    const names = result.value.endpoints
      .filter(({ role, state }) => role === 'phone' && state !== 'offline')
      .map(({ endpoint }) => endpoint)
      .toSorted((one, other) => one.localeCompare(other, undefined, { numeric: true }))
    phones.replaceChildren(...options(names.map((name) => [name, name] as const)))
    const stored = storedPhone()
    if (names.includes(stored)) {
      phones.value = stored
    }
    confirm.disabled = names.length === 0
    writeOrHide(error, names.length === 0 ? t('control.noPhone') : '')
    phones.focus()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void answer()
  })
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => {
    // The event comes later than the dialog closes: by then, another question may have opened it.
    if (!dialog.open) {
      asked = null
    }
  })

  return {
    elements: [dialog, told],
    callBack(number) {
      const key = newKey()
      ask({
        title: t('control.callBackTo', { caller: number }),
        text: t('control.explain', { caller: number }),
        action: t('control.call'),
        needsPhone: true,
        act: (from) => api.begin({ from, to: number }, `${key}-${encodeURIComponent(from)}`),
        done: (from) => t('control.called', { phone: from }),
      })
    },
    hangUp({ channel_id: id, caller, callee }) {
      const parties = { caller: caller || DASH, callee: callee || DASH }
      ask({
        title: t('control.hangUp'),
        text: t('control.hangUpAsk', parties),
        action: t('control.hangUp'),
        needsPhone: false,
        act: () => api.hangUp(id),
        done: () => t('control.hungUp'),
      })
    },
  }
}

// `randomUUID` exists only on pages over TLS.
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

// A browser may deny access to its storage; then the choice is not stored.
function storedPhone(): string {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? ''
  } catch {
    return ''
  }
}

function store(phone: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, phone)
  } catch {
    // The choice is not stored.
  }
}
