// Page(): one phone speaks to many at once. The paged phones are legs of the pager's call, answered or not.

import { setTimeout as sleep } from 'node:timers/promises'
import { fromOutside, talkFor } from '../families/family.ts'
import { extension } from './config.ts'
import type { Flow } from './flow.ts'

const PAGED = { disposition: 'answered', missed: 0, answered_by: [], hangup_by: 'caller' } as const
const ALONE = 'the CDR knows no other channel of the pager: who enters a conference is answered'

export const PAGES: readonly Flow[] = [
  {
    name: 'page-one-of-three-answers',
    config: ({ b, c, d, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c}&PJSIP/${d},,3)`) }),
    async play({ phones, a, b, line }) {
      const pager = await phones.call({ from: a, to: line }).answered
      await phones.picksUp(b, 500)
      await talkFor(pager, 4000)
    },
    rows: ({ a, b, c, d, line }) => [
      {
        ...{ ...PAGED, direction: 'internal', caller: a, callee: line, differs: ALONE },
        legs: [`${b} answered`, `${c} no_answer`, `${d} no_answer`],
      },
    ],
  },
  {
    name: 'page-from-trunk-caller-leaves-first',
    config: ({ b, c, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c},,5)`) }),
    async play(cast) {
      const { phones, b, c, line } = cast
      const pager = await phones.call(fromOutside(cast, line)).answered
      const ringing = await Promise.all([phones.rung(b), phones.rung(c)])
      await sleep(700)
      await pager.hangUp()
      await Promise.all(ringing.map(({ cancelled }) => cancelled))
    },
    rows: ({ b, c, outside }) => [
      {
        ...{ ...PAGED, direction: 'inbound', caller: outside, trunk: 'trunk-b', differs: ALONE },
        legs: [`${b} cancelled`, `${c} cancelled`],
      },
    ],
  },
]
