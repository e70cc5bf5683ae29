// Calls that are sent on: by REFER and by keys, blind and attended, by either side; and a call on hold.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, connect, type Family, talkFor } from './family.ts'

const MERGED = { direction: 'internal', disposition: 'merged', missed: 0 } as const

export const TRANSFERS: readonly Family[] = [
  {
    name: 'blind transfer by the callee',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(800)
      await Promise.all([callee.transfer(c), phones.picksUp(c, 600)])
      await talkFor(caller, 1000)
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} answered`],
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'blind transfer by the caller',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(800)
      await Promise.all([caller.transfer(c), phones.picksUp(c, 600)])
      await talkFor(callee, 1200)
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} answered`],
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], transfers: 1 }],
  },
  {
    name: 'attended transfer',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(700)
      const question = phones.call({ from: b, to: c })
      await phones.picksUp(c, 400)
      const consultation = await question.answered
      await sleep(700)
      await callee.transferTo(c, consultation)
      await talkFor(caller, 900)
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} answered`],
    rows: ({ a, b, c }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], transfers: 1, hangup_by: 'caller' },
      { ...MERGED, caller: b, callee: c },
    ],
  },
  {
    name: 'blind transfer by keys',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: `41${b}` }, { by: b, afterMs: 300 })
      await sleep(600)
      await callee.press('#1')
      await sleep(1200)
      await Promise.all([callee.press(c), phones.picksUp(c, 500)])
      await talkFor(caller, 1000)
      return { held: null }
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'attended transfer by keys',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: `41${b}` }, { by: b, afterMs: 300 })
      await sleep(600)
      await callee.press('*2')
      await sleep(1200)
      await Promise.all([callee.press(c), phones.picksUp(c, 500)])
      await sleep(800)
      await callee.hangUp()
      await talkFor(caller, 1500)
      return { held: null }
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} answered`],
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'blind transfer to somebody who does not answer',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(800)
      await Promise.all([callee.transfer(`47${c}`), caller.over])
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} no_answer`],
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1 }],
  },
  {
    name: 'on hold for a while',
    async play({ phones, a, b }) {
      const call = phones.call({ from: a, to: b })
      await phones.picksUp(b, 300)
      const caller = await call.answered
      await sleep(500)
      // The hold begins, and ends, at some time between the phone's request and Asterisk's answer.
      const asked = Date.now()
      await caller.hold()
      const onHold = Date.now()
      await sleep(900)
      const askedBack = Date.now()
      await caller.resume()
      const back = Date.now()
      await talkFor(caller, 500)
      return { held: [askedBack - onHold, back - asked] }
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'caller' }],
    billsec: true,
  },
  {
    name: 'blind transfer, and the caller leaves while it rings',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(800)
      await Promise.all([callee.transfer(c), phones.rung(c)])
      await talkFor(caller, 600)
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} cancelled`],
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'a question that nobody answers, and no transfer',
    async play({ phones, a, b, c }) {
      const call = phones.call({ from: a, to: b })
      await phones.picksUp(b, 300)
      const caller = await call.answered
      await sleep(500)
      const question = phones.call({ from: b, to: c })
      await question.alive
      await sleep(500)
      question.giveUp()
      await question.refused
      await talkFor(caller, 600)
      return undefined
    },
    rows: ({ a, b, c }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 0, hangup_by: 'caller' },
      { direction: 'internal', disposition: 'cancelled', missed: 1, caller: b, callee: c, hangup_by: 'caller' },
    ],
  },
  {
    name: 'attended transfer by keys to somebody who does not answer',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: `41${b}` }, { by: b, afterMs: 300 })
      await sleep(600)
      await callee.press('*2')
      await sleep(1200)
      await Promise.all([callee.press(c), phones.rung(c).then((rung) => rung.cancelled)])
      await sleep(2500)
      await talkFor(caller, 500)
      return { held: null }
    },
    legs: ({ b, c }) => [`${b} answered`, `${c} no_answer`],
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 0, hangup_by: 'caller' },
    ],
  },
  {
    name: 'attended transfer by keys, and the transferer leaves while it rings',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: `41${b}` }, { by: b, afterMs: 300 })
      await sleep(600)
      await callee.press('*2')
      await sleep(1200)
      const [, target] = await Promise.all([callee.press(c), phones.rung(c)])
      await sleep(300)
      await callee.hangUp()
      await sleep(400)
      target.answer()
      await talkFor(caller, 1000)
      return { held: null }
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'transferred into a conference',
    async play({ phones, a, b }) {
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(600)
      await callee.transfer('506')
      await talkFor(caller, 700)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'from outside, transferred to outside',
    async play(cast) {
      const { phones, a, outside } = cast
      const { caller, callee } = await connect(
        phones,
        { from: outside, to: a, trunk: 'trunk-b' },
        { by: a, afterMs: 300 },
      )
      await sleep(600)
      await Promise.all([callee.transfer(`48${outside}`), phones.picksUp(outside, 500)])
      await talkFor(caller, 900)
      return undefined
    },
    rows: ({ a, outside }) => [
      {
        ...{ ...ANSWERED, direction: 'inbound', caller: outside, callee: a, answered_by: [a] },
        ...{ transfers: 1, hangup_by: 'caller', trunk: 'trunk-b' },
      },
    ],
  },
  {
    name: 'blind transfer by keys, by the caller, and the callee leaves while it rings',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: a, to: `41${b}` }, { by: b, afterMs: 300 })
      await sleep(600)
      await caller.press('#1')
      await sleep(1200)
      await Promise.all([caller.press(c), phones.rung(c)])
      await talkFor(callee, 500)
      await caller.over
      return { held: null }
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'callee' },
    ],
    legs: ({ b, c }) => [`${b} answered`, `${c} cancelled`],
  },
]
