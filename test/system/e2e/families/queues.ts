// Calls to queues: answered, left, timed out, in a second round, past a busy member, through Local channels, refused.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, connect, type Family, fromOutside, talkFor } from './family.ts'

export const QUEUES: readonly Family[] = [
  {
    name: 'a queue, answered after a wait',
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, '600'))
      await cast.phones.picksUp(cast.a, 1500)
      await talkFor(await call.answered, 1200)
      return undefined
    },
    legs: ({ a, b }) => [`${a} answered`, `${b} answered_elsewhere`],
    rows: ({ a, outside }) => [
      { ...ANSWERED, direction: 'inbound', caller: outside, answered_by: [a], hangup_by: 'caller', queue: 'waits' },
    ],
    queues: [{ name: 'waits', outcome: 'answered' }],
  },
  {
    name: 'a queue, left by the caller',
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, '601'))
      await talkFor(await call.answered, 1800)
      return undefined
    },
    legs: ({ a, b }) => [`${a} cancelled`, `${b} cancelled`],
    rows: () => [{ direction: 'inbound', disposition: 'abandoned', missed: 1, hangup_by: 'caller', queue: 'leaves' }],
    queues: [{ name: 'leaves', outcome: 'abandoned' }],
  },
  {
    name: 'a queue, timed out',
    async play({ phones, c }) {
      const call = phones.call({ from: c, to: '602' })
      await (await call.answered).over
      return undefined
    },
    legs: ({ a }) => [`${a} no_answer`],
    rows: () => [{ direction: 'internal', disposition: 'no_answer', missed: 1, hangup_by: 'system', queue: 'late' }],
    queues: [{ name: 'late', outcome: 'timeout' }],
  },
  {
    name: 'a queue, answered in the second round',
    async play(cast) {
      const { phones, a, b } = cast
      const call = phones.call(fromOutside(cast, '603'))
      const first = await Promise.all([phones.rung(a), phones.rung(b)])
      await Promise.all(first.map((phone) => phone.cancelled))
      await phones.picksUp(b, 400)
      await talkFor(await call.answered, 1000)
      return undefined
    },
    legs: ({ a, b }) => [`${a} no_answer`, `${b} no_answer`, `${b} answered`, `${a} answered_elsewhere`],
    rows: ({ b }) => [{ ...ANSWERED, direction: 'inbound', answered_by: [b], hangup_by: 'caller', queue: 'rounds' }],
    queues: [{ name: 'rounds', outcome: 'answered' }],
  },
  {
    name: 'a queue, one member is busy and another answers',
    async play(cast) {
      const { phones, a, b } = cast
      const call = phones.call(fromOutside(cast, '604'))
      const busy = await phones.rung(a)
      busy.refuse('486 Busy Here')
      await phones.picksUp(b, 900)
      await talkFor(await call.answered, 1200)
      return undefined
    },
    legs: ({ a, b }) => [`${a} busy`, `${b} answered`],
    rows: ({ b }) => [{ ...ANSWERED, direction: 'inbound', answered_by: [b], hangup_by: 'caller', queue: 'busy' }],
    queues: [{ name: 'busy', outcome: 'answered' }],
  },
  {
    name: 'a queue whose members are Local channels',
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, '605'))
      const agent = await cast.phones.picksUp(cast.b, 1000)
      await call.answered
      await talkFor(agent, 1200)
      return undefined
    },
    legs: ({ a, b }) => [`${a} answered_elsewhere`, `${b} answered`],
    rows: ({ b }) => [{ ...ANSWERED, direction: 'inbound', answered_by: [b], hangup_by: 'callee', queue: 'locals' }],
    queues: [{ name: 'locals', outcome: 'answered' }],
  },
  {
    name: 'a queue that nobody serves',
    async play(cast) {
      await cast.phones.call(fromOutside(cast, '606')).refused
      return undefined
    },
    legs: () => [],
    rows: () => [{ direction: 'inbound', disposition: 'unreachable', missed: 1, hangup_by: 'system', queue: 'strict' }],
    queues: [{ name: 'strict', outcome: null }],
  },
  {
    name: 'a queue, timed out, then voicemail',
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, '607'))
      await talkFor(await call.answered, 4500)
      return undefined
    },
    rows: () => [{ direction: 'inbound', disposition: 'voicemail', missed: 1, hangup_by: 'caller', queue: 'mail' }],
    queues: [{ name: 'mail', outcome: 'timeout' }],
  },
  {
    name: 'a queue, answered and transferred',
    async play(cast) {
      const { phones, a, b } = cast
      const call = phones.call(fromOutside(cast, '608'))
      const agent = await phones.picksUp(a, 600)
      await sleep(700)
      const [expert] = await Promise.all([phones.picksUp(b, 500), agent.transfer(b)])
      await call.answered
      await talkFor(expert, 900)
      return undefined
    },
    legs: ({ a, b }) => [`${a} answered`, `${b} answered`],
    rows: ({ a }) => [
      { ...ANSWERED, direction: 'inbound', answered_by: [a], hangup_by: 'callee', transfers: 1, queue: 'passed' },
    ],
    queues: [{ name: 'passed', outcome: 'answered' }],
  },
  {
    name: 'a queue, timed out, then another',
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, '609'))
      await cast.phones.picksUp(cast.b, 500)
      await talkFor(await call.answered, 900)
      return undefined
    },
    legs: ({ a, b }) => [`${a} no_answer`, `${b} answered`],
    rows: ({ b }) => [{ ...ANSWERED, direction: 'inbound', answered_by: [b], hangup_by: 'caller', queue: 'second' }],
    queues: [
      { name: 'first', outcome: 'timeout' },
      { name: 'second', outcome: 'answered' },
    ],
  },
  {
    name: 'transferred to a queue',
    async play({ phones, a, b, c }) {
      const { caller, callee } = await connect(phones, { from: b, to: c }, { by: c, afterMs: 300 })
      await sleep(600)
      await Promise.all([callee.transfer('610'), phones.picksUp(a, 1000)])
      await talkFor(caller, 900)
      return undefined
    },
    rows: ({ b, c }) => [
      {
        ...ANSWERED,
        ...{ direction: 'internal', caller: b, callee: c, answered_by: [c], hangup_by: 'caller' },
        ...{ transfers: 1, queue: 'sent' },
      },
    ],
  },
  {
    name: 'picked up by a colleague from a queue',
    async play(cast) {
      const { phones, a, b } = cast
      const call = phones.call(fromOutside(cast, '611'))
      await phones.rung(a)
      await sleep(700)
      const colleague = await phones.call({ from: b, to: `49${a}` }).answered
      await talkFor(await call.answered, 900)
      await colleague.over
      return undefined
    },
    rows: ({ b, outside }) => [
      { ...ANSWERED, direction: 'inbound', caller: outside, answered_by: [b], hangup_by: 'caller', queue: 'picked' },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: b },
    ],
    queues: [{ name: 'picked', outcome: 'answered' }],
  },
  {
    name: 'a queue behind a Local channel',
    async play({ phones, a, b }) {
      const call = phones.call({ from: b, to: '612' })
      await phones.picksUp(a, 700)
      await talkFor(await call.answered, 900)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: b, answered_by: [a], hangup_by: 'caller', queue: 'behind' },
    ],
    queues: [{ name: 'behind', outcome: 'answered' }],
  },
  {
    name: 'a queue, answered, and attended transfer to a colleague',
    async play(cast) {
      const { phones, a, b } = cast
      const call = phones.call(fromOutside(cast, '614'))
      const agent = await phones.picksUp(a, 600)
      await sleep(500)
      const question = phones.call({ from: a, to: b })
      const expert = await phones.picksUp(b, 300)
      await sleep(500)
      await agent.transferTo(b, await question.answered)
      await call.answered
      await talkFor(expert, 800)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'inbound', answered_by: [a], hangup_by: 'callee', transfers: 1, queue: 'asked' },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: a, callee: b },
    ],
    queues: [{ name: 'asked', outcome: 'answered' }],
  },
]
