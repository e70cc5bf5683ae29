// Page(): one phone speaks to many at once. The paged phones are legs of the pager's one call, and none of them is missed.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { CALLED, extension } from './config.ts'
import type { Flow } from './flow.ts'

const PAGED = { disposition: 'answered', missed: 0, answered_by: [], direction: 'internal' } as const
const ALONE = 'the CDR knows of no answer where nobody picks up: who enters a conference is answered'

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
        ...{ ...PAGED, caller: a, callee: line, hangup_by: 'caller' },
        legs: [`${b} answered`, `${c} no_answer`, `${d} no_answer`],
      },
    ],
  },
  {
    name: 'page-nobody-picks-up',
    config: ({ b, c, d, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c}&PJSIP/${d},,2)`) }),
    async play({ phones, a, b, c, d, line }) {
      const pager = await phones.call({ from: a, to: line }).answered
      const [busy, declining] = await Promise.all([phones.rung(b), phones.rung(c), phones.rung(d)])
      await sleep(300)
      busy.refuse('486 Busy Here')
      declining.refuse('603 Decline')
      await talkFor(pager, 3000)
    },
    rows: ({ a, b, c, d, line }) => [
      {
        ...{ ...PAGED, caller: a, callee: line, hangup_by: 'caller', differs: ALONE },
        legs: [`${b} busy`, `${c} rejected`, `${d} no_answer`],
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
        ...{ ...PAGED, direction: 'inbound', caller: outside, trunk: 'trunk-b', hangup_by: 'caller', differs: ALONE },
        legs: [`${b} cancelled`, `${c} cancelled`],
      },
    ],
  },
  {
    name: 'page-both-ways-two-answer',
    config: ({ b, c, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c},d,5)`) }),
    async play({ phones, a, b, c, line }) {
      const pager = await phones.call({ from: a, to: line }).answered
      const [one] = await Promise.all([phones.picksUp(b, 400), phones.picksUp(c, 900)])
      await sleep(800)
      await one.hangUp()
      await talkFor(pager, 900)
    },
    rows: ({ a, b, c, line }) => [
      { ...PAGED, caller: a, callee: line, hangup_by: 'caller', legs: [`${b} answered`, `${c} answered`] },
    ],
  },
  {
    name: 'page-while-one-is-talking',
    config: ({ b, c, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c},,4)`) }),
    async play({ phones, a, b, c, d, line }) {
      const talk = await connect(phones, { from: d, to: b }, { by: b, afterMs: 300 })
      const pager = await phones.call({ from: a, to: line }).answered
      const [busy] = await Promise.all([phones.rung(b), phones.picksUp(c, 500)])
      busy.refuse('486 Busy Here')
      await talkFor(pager, 1200)
      await talkFor(talk.caller, 400)
    },
    rows: ({ a, b, c, d, line }) => [
      {
        ...{ ...PAGED, caller: d, callee: b, answered_by: [b], hangup_by: 'caller' },
        legs: [`${b} answered`],
      },
      { ...PAGED, caller: a, callee: line, hangup_by: 'caller', legs: [`${b} busy`, `${c} answered`] },
    ],
  },
  {
    name: 'page-through-local-channels',
    config: ({ b, c, d, line, name }) => ({
      extensions: extension(line, `Page(Local/${b}@${name}&Local/${c}@${name}&Local/${d}@${name},,6)`),
      contexts: `[${name}]\n${extension('_7XXXX', 'Set(CALLERID(name)=Page)', `Dial(PJSIP/${CALLED},2)`)}`,
    }),
    async play({ phones, a, b, c, line }) {
      const pager = await phones.call({ from: a, to: line }).answered
      await Promise.all([phones.picksUp(b, 500), phones.picksUp(c, 800)])
      await talkFor(pager, 2500)
    },
    rows: ({ a, b, c, d, line }) => [
      {
        ...{ ...PAGED, caller: a, callee: line, hangup_by: 'caller' },
        legs: [`${b} answered`, `${c} answered`, `${d} no_answer`],
      },
    ],
  },
  {
    name: 'page-after-a-menu',
    config: ({ b, c, line }) => ({
      extensions: extension(line, 'Answer()', 'Playback(beep)', `Page(PJSIP/${b}&PJSIP/${c},q,4)`),
    }),
    async play(cast) {
      const { phones, b, line } = cast
      const pager = await phones.call(fromOutside(cast, line)).answered
      const paged = await phones.picksUp(b, 600)
      await sleep(900)
      await paged.hangUp()
      await talkFor(pager, 3000)
    },
    rows: ({ b, c, outside }) => [
      {
        ...{ ...PAGED, direction: 'inbound', caller: outside, trunk: 'trunk-b', hangup_by: 'caller' },
        legs: [`${b} answered`, `${c} no_answer`],
      },
    ],
  },
  {
    name: 'page-by-a-phone-that-ami-called-to-an-extension',
    config: ({ b, c, line }) => ({ extensions: extension(line, `Page(PJSIP/${b}&PJSIP/${c},,4)`) }),
    async play({ phones, a, b, line }) {
      const to = { Context: 'cast', Exten: line, Priority: '1', CallerID: 'panel', Async: 'true' }
      await ami({ Action: 'Originate', Channel: `PJSIP/${a}`, ...to })
      const pager = await phones.picksUp(a, 400)
      await phones.picksUp(b, 600)
      await talkFor(pager, 1500)
    },
    rows: ({ a, b, c, line }) => [
      {
        ...{ ...PAGED, caller: a, callee: line, hangup_by: 'caller' },
        legs: [`${a} answered`, `${b} answered`, `${c} cancelled`],
      },
    ],
  },
  {
    name: 'page-two-at-once-by-callers-of-one-number',
    config: ({ a, b, c, d, line }) => ({
      extensions: [
        extension(`${line}1`, `Page(PJSIP/${a}&PJSIP/${b},,3)`),
        extension(`${line}2`, `Page(PJSIP/${c}&PJSIP/${d},,3)`),
      ].join('\n'),
    }),
    async play(cast) {
      const { phones, a, c, line } = cast
      const one = phones.call(fromOutside(cast, `${line}1`))
      await sleep(150)
      const other = phones.call(fromOutside(cast, `${line}2`))
      await Promise.all([phones.picksUp(a, 700), phones.picksUp(c, 500)])
      const pagers = await Promise.all([one.answered, other.answered])
      await sleep(3500)
      for (const pager of pagers) {
        await talkFor(pager, 200)
      }
    },
    rows: ({ a, b, c, d, outside }) => [
      {
        ...{ ...PAGED, direction: 'inbound', caller: outside, hangup_by: 'caller' },
        legs: [`${a} answered`, `${b} no_answer`],
      },
      {
        ...{ ...PAGED, direction: 'inbound', caller: outside, hangup_by: 'caller' },
        legs: [`${c} answered`, `${d} no_answer`],
      },
    ],
  },
]
