// Why a call or a leg ended, in words: who hung up, or what its Q.850 cause means.

import type { Story } from './entries.ts'
import type { I18n } from './i18n.ts'
import { LANGUAGES } from './translations.ts'

export interface Causes {
  /** The words for a cause, else those of Asterisk, else its number; null if there is none: Asterisk uses 0 for an unknown one. */
  text(cause: number | null, asteriskText: string | null): string | null
}

/** Without its texts, if they do not come, there are those of Asterisk. */
export async function loadCauses({ language }: Pick<I18n, 'language'>): Promise<Causes> {
  const texts = await import('./causeTexts.ts').then(
    ({ CAUSE_TEXTS }) => CAUSE_TEXTS,
    () => null,
  )
  return {
    text: (cause, asteriskText) =>
      cause === null || cause === 0
        ? asteriskText || null
        : (texts?.[cause]?.[LANGUAGES.indexOf(language) === 1 ? 1 : 0] ?? (asteriskText || String(cause))),
  }
}

const NORMAL_CLEARING = 16

/** Why the call ended: who hung up, unless there is another cause. */
export function endText(
  { cause, cause_text: text, hangup_by: by }: Pick<Story, 'cause' | 'cause_text' | 'hangup_by'>,
  causes: Causes,
  { value }: Pick<I18n, 'value'>,
): string | null {
  return cause === NORMAL_CLEARING && by !== null ? value('hangup', by) : causes.text(cause, text)
}
