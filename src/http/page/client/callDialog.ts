// The details of one call in a dialog, with what can be done, and steps to the calls before and after it in the list.
//
// A `dialog` element: focus stays inside, Escape closes it. An active call is loaded again when it changes.

import { type Api, errorText } from './api.ts'
import type { Neighbours } from './callList.ts'
import { storyElements } from './callStory.ts'
import { type Causes, loadCauses } from './causes.ts'
import { el, write } from './dom.ts'
import { createEarlierCalls } from './earlierCalls.ts'
import { type EntryId, liveKeyOf, type Story } from './entries.ts'
import type { I18n } from './i18n.ts'
import { createStoryActions } from './storyActions.ts'

export interface CallDialog {
  readonly element: HTMLElement
  /** `id`: the row of a call, or the id of its channel. */
  open(id: string): Promise<void>
  close(): void
  /** The call with this key (entries.ts) changed: loads it again if it is shown. */
  refresh(liveKey: string): void
}

export interface CallDialogDependencies {
  readonly i18n: I18n
  readonly api: Api
  /** The dialog was closed. */
  readonly onClose: () => void
  /** The user steps to another call. */
  readonly onStep: (call: EntryId) => void
  /** Asks for a call to this number by the PBX; null: the server does not allow it. */
  readonly onCallBack: ((number: string) => void) | null
  /** Whether the call with this key is active. */
  readonly isLive: (liveKey: string) => boolean
  /** The calls beside this one in the list. */
  readonly neighbours: (id: string) => Neighbours
  /** The server's time, epoch ms. */
  readonly now: () => number
}

// The call log writes the end of a call a moment after the websocket reports it.
const RETRY_MS = 500

export function createCallDialog(dependencies: CallDialogDependencies): CallDialog {
  const { i18n, api, onClose, isLive, now } = dependencies
  const { t } = i18n
  const title = el('h2', { id: 'call' }, t('calls.loading'))
  const close = el('button', { type: 'button', class: 'close' }, t('call.close'))
  const content = el('div', { class: 'content' })
  const actions = createStoryActions(i18n, dependencies.onCallBack)
  const earlier = createEarlierCalls(i18n, api)
  const steps = createSteps(dependencies, () => shown?.id ?? null)
  const dialog = el(
    'dialog',
    { class: 'story', 'aria-labelledby': 'call' },
    el('div', { class: 'title' }, title, el('div', { class: 'tools' }, ...steps.buttons, actions.copy, close)),
    content,
  )
  let shown: { readonly id: string; readonly call: Story | null } | null = null
  let causes: Promise<Causes> | null = null

  const load = async (id: string): Promise<void> => {
    causes ??= loadCauses(i18n)
    const [result, known] = await Promise.all([api.call(id), causes])
    if (shown?.id !== id || result.kind === 'cancelled') {
      return
    }
    steps.update()
    if (result.kind !== 'ok') {
      const isMissing = result.kind === 'refused' && result.status === 404
      write(title, t('calls.title'))
      content.replaceChildren(el('p', { role: 'alert' }, isMissing ? t('call.missing') : errorText(result, i18n)))
      return
    }
    const call = result.value
    shown = { id, call }
    write(title, t('call.title', { caller: callerText(call), callee: call.callee }))
    actions.show(call)
    const [outcome, ...rest] = storyElements(call, { i18n, causes: known, now: now() })
    content.replaceChildren(...(outcome === undefined ? [] : [outcome]), actions.element, ...rest, earlier.element)
    void earlier.show(call)
    if (call.end_time === null && !isLive(liveKeyOf(call))) {
      setTimeout(() => retry(id), RETRY_MS)
    }
  }
  const retry = (id: string): void => {
    if (shown?.id === id && shown.call?.end_time === null) {
      void load(id)
    }
  }
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('keydown', steps.onKey)
  dialog.addEventListener('click', (event) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target === dialog) {
      dialog.close()
    }
  })
  dialog.addEventListener('close', () => {
    // The event comes later than the dialog closes: by then, another call may have opened it.
    if (!dialog.open) {
      shown = null
      onClose()
    }
  })
  return {
    element: dialog,
    async open(id) {
      if (shown?.id === id) {
        return
      }
      shown = { id, call: null }
      write(title, t('calls.loading'))
      actions.show(null)
      content.replaceChildren()
      if (!dialog.open) {
        dialog.showModal()
      }
      await load(id)
    },
    close: () => dialog.close(),
    refresh(liveKey) {
      if (shown !== null && shown.call !== null && liveKeyOf(shown.call) === liveKey) {
        void load(shown.id)
      }
    },
  }
}

/** Buttons and arrow keys that lead to the calls beside the shown one. */
function createSteps({ i18n, neighbours, onStep }: CallDialogDependencies, shown: () => string | null) {
  const { t } = i18n
  const button = (text: string, label: string, key: string): HTMLButtonElement =>
    el('button', { type: 'button', 'aria-label': label, title: label, 'aria-keyshortcuts': key }, text)
  const newer = button('‹', t('call.newer'), 'ArrowLeft')
  const older = button('›', t('call.older'), 'ArrowRight')
  const step = (to: 'newer' | 'older'): void => {
    const id = shown()
    const call = id === null ? null : neighbours(id)[to]
    if (call !== null) {
      onStep(call)
    }
  }
  newer.addEventListener('click', () => step('newer'))
  older.addEventListener('click', () => step('older'))
  return {
    buttons: [newer, older],
    update(): void {
      const id = shown()
      const beside = id === null ? { newer: null, older: null } : neighbours(id)
      // A button without a function would lose the focus if it were disabled.
      newer.setAttribute('aria-disabled', String(beside.newer === null))
      older.setAttribute('aria-disabled', String(beside.older === null))
      const isListed = beside.newer !== null || beside.older !== null
      newer.hidden = !isListed
      older.hidden = !isListed
    },
    onKey(event: KeyboardEvent): void {
      const isTyped = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
      if (isTyped || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
        return
      }
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        event.preventDefault()
        step(event.key === 'ArrowLeft' ? 'newer' : 'older')
      }
    },
  }
}

function callerText({ caller, caller_name }: Story): string {
  return caller_name === '' ? caller : `${caller} (${caller_name})`
}
