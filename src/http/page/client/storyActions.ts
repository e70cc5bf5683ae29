// What can be done with an open call: copy a link to it, call the other party, by the device or by the PBX.

import { textOf } from './address.ts'
import { el, write } from './dom.ts'
import type { Story } from './entries.ts'
import { NO_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'
import { icon } from './icons.ts'
import { otherNumberOf } from './otherParty.ts'
import { telUrl } from './phoneNumber.ts'

export interface StoryActions {
  /** For the title of the dialog. */
  readonly copy: HTMLElement
  /** For its content. */
  readonly element: HTMLElement
  show(call: Story | null): void
}

/** `onCallBack`: asks for a call by the PBX; null: the server does not allow it. */
export function createStoryActions(i18n: I18n, onCallBack: ((number: string) => void) | null): StoryActions {
  const { t } = i18n
  const copy = el(
    'button',
    { type: 'button', class: 'copy', 'aria-label': t('call.copy'), title: t('call.copy') },
    icon('link'),
  )
  const told = el('span', { role: 'status' })
  const address = el('input', { type: 'text', readonly: '', name: 'call-link', 'aria-label': t('call.link') })
  const phone = el('a', { class: 'tel' })
  const callBack = el('button', { type: 'button' }, t('control.callBack'))
  const element = el('p', { class: 'tools actions' }, phone, callBack, address, told)
  let shown: Story | null = null

  const copyLink = async (): Promise<void> => {
    if (shown === null) {
      return
    }
    const link = new URL(
      textOf({ place: 'calls', wall: null, filters: NO_FILTERS, call: String(shown.id) }),
      location.href,
    )
    link.hash = ''
    const isCopied = await copied(link.href)
    write(told, t(isCopied ? 'call.copied' : 'call.copyByHand'))
    address.hidden = isCopied
    if (!isCopied) {
      address.value = link.href
      address.focus()
      address.select()
    }
  }
  copy.addEventListener('click', () => void copyLink())
  callBack.addEventListener('click', () => {
    if (shown !== null) {
      onCallBack?.(otherNumberOf(shown))
    }
  })
  return {
    copy,
    element,
    show(call) {
      if (call === null || call.id !== shown?.id) {
        write(told, '')
        address.hidden = true
      }
      shown = call
      const number = call === null ? '' : otherNumberOf(call)
      const url = telUrl(number)
      copy.hidden = call === null
      phone.hidden = url === undefined
      phone.href = url ?? ''
      write(phone, t('call.dial', { number }))
      callBack.hidden = url === undefined || onCallBack === null
      callBack.setAttribute('aria-label', t('control.callBackTo', { caller: number }))
    },
  }
}

// Only a page over TLS, or on this machine, may write to the clipboard, and a browser may forbid it.
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
