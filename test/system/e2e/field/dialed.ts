// Others than Dial who have somebody called for a caller: Originate, FollowMe, RetryDial, conferences that invite; and
// those who only listen in.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, connect, fromOutside, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { extension } from './config.ts'
import type { Flow, Meant, Names } from './flow.ts'

const ENTERED = 'the CDR does not count who enters a conference without another channel of theirs'
const SERVED = { direction: 'internal', disposition: 'self_service', missed: 0, answered_by: [], legs: [] } as const

function followMe({ a, outside, line, name }: Names): Record<string, string> {
  const numbers = [`number => ${a},2,1`, `number => 48${outside},4,2`]
  return {
    extensions: extension(line, `FollowMe(${name})`),
    followme: [`[${name}]`, 'context => cast', ...numbers, ''].join('\n'),
  }
}

export const DIALED: readonly Flow[] = [
  {
    name: 'originate-in-the-dialplan-answered',
    config: ({ b, c, line }) => ({
      extensions: extension(line, 'Answer()', `Originate(PJSIP/${b},exten,cast,${c},1,6)`, 'Wait(1)'),
    }),
    async play({ phones, a, b, c, line }) {
      const order = await phones.call({ from: a, to: line }).answered
      const caller = await phones.picksUp(b, 400)
      await phones.picksUp(c, 600)
      await talkFor(caller, 1300)
      await order.over
    },
    rows: ({ a, b, c, line }) => [
      { ...SERVED, caller: a, callee: line, hangup_by: 'system' },
      {
        ...{ ...ANSWERED, direction: 'internal', caller: b, callee: c, answered_by: [c], hangup_by: 'caller' },
        legs: [`${b} answered`, `${c} answered`],
      },
    ],
  },
  {
    name: 'originate-in-the-dialplan-not-picked-up',
    config: ({ b, line }) => ({
      extensions: extension(line, 'Answer()', `Originate(PJSIP/${b},app,Playback,beep,,2)`, 'Wait(0.5)'),
    }),
    async play({ phones, a, b, line }) {
      const order = await phones.call({ from: a, to: line }).answered
      await Promise.all([phones.rung(b).then(({ cancelled }) => cancelled), order.over])
    },
    rows: ({ a, b, line }) => [
      { ...SERVED, caller: a, callee: line, hangup_by: 'system' },
      { direction: 'internal', disposition: 'no_answer', missed: 1, caller: b, legs: [`${b} no_answer`] },
    ],
  },
  {
    name: 'followme-desk-rings-out-cell-accepts',
    config: followMe,
    async play(cast) {
      const { phones, a, outside, other, line } = cast
      const call = phones.call({ from: other, to: line, trunk: 'trunk-b' })
      await (await phones.rung(a)).cancelled
      const cell = await phones.picksUp(outside, 500)
      await sleep(1500)
      await cell.press('1')
      await sleep(1500)
      await talkFor(await call.answered, 600)
    },
    rows: ({ a, other }) => [
      {
        ...{ ...ANSWERED, direction: 'inbound', caller: other, answered_by: ['trunk-b'], hangup_by: 'caller' },
        legs: [`${a} no_answer`, 'trunk-b answered'],
      },
    ],
  },
  {
    name: 'followme-nobody-picks-up',
    config: followMe,
    async play({ phones, a, outside, other, line }) {
      const call = phones.call({ from: other, to: line, trunk: 'trunk-b' })
      await (await phones.rung(a)).cancelled
      await (await phones.rung(outside)).cancelled
      await (await call.answered).over
    },
    rows: ({ a, other }) => [
      {
        ...{ direction: 'inbound', disposition: 'no_answer', missed: 1, caller: other, answered_by: [] },
        ...{
          hangup_by: 'system',
          legs: [`${a} no_answer`, 'trunk-b no_answer'],
          differs: 'the CDR counts the Local channels of FollowMe, which it answers to wait for a key',
        },
      },
    ],
  },
  {
    name: 'retrydial-second-attempt-answered',
    config: ({ a, line }) => ({ extensions: extension(line, `RetryDial(beep,1,2,PJSIP/${a},2)`) }),
    async play(cast) {
      const { phones, a, line } = cast
      const call = phones.call(fromOutside(cast, line))
      await (await phones.rung(a)).cancelled
      await phones.picksUp(a, 500)
      await talkFor(await call.answered, 900)
    },
    rows: ({ a, outside }) => [
      {
        ...{ ...ANSWERED, direction: 'inbound', caller: outside, answered_by: [a], hangup_by: 'caller' },
        legs: [`${a} no_answer`, `${a} answered`],
      },
    ],
  },
  {
    name: 'conference-calls-a-phone-in',
    config: ({ line, name }) => ({ extensions: extension(line, 'Answer()', `ConfBridge(${name})`) }),
    async play({ phones, a, b, line, name }) {
      const host = await phones.call({ from: a, to: line }).answered
      const invite = { Channel: `PJSIP/${b}`, Application: 'ConfBridge', Data: name, Async: 'true' }
      await ami({ Action: 'Originate', ...invite })
      await talkFor(await phones.picksUp(b, 500), 900)
      await talkFor(host, 500)
    },
    rows: ({ a, b }): Meant[] => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [], hangup_by: 'caller', legs: [] },
      { ...ANSWERED, direction: 'internal', caller: b, answered_by: [], legs: [`${b} answered`], differs: ENTERED },
    ],
  },
  {
    name: 'conference-calls-a-phone-that-does-not-answer',
    config: ({ line, name }) => ({ extensions: extension(line, 'Answer()', `ConfBridge(${name})`) }),
    async play({ phones, a, b, line, name }) {
      const host = await phones.call({ from: a, to: line }).answered
      const invite = { Channel: `PJSIP/${b}`, Application: 'ConfBridge', Data: name, Async: 'true', Timeout: '1500' }
      await ami({ Action: 'Originate', ...invite })
      await (await phones.rung(b)).cancelled
      await talkFor(host, 500)
    },
    rows: ({ a, b }): Meant[] => [
      {
        ...{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [], hangup_by: 'caller', legs: [] },
        differs: ENTERED,
      },
      { direction: 'internal', disposition: 'no_answer', missed: 1, caller: b, legs: [`${b} no_answer`] },
    ],
  },
  {
    name: 'screened-callee-is-asked-and-the-caller-leaves',
    config: ({ a, line, name }) => ({
      extensions: extension(line, `Dial(PJSIP/${a},8,U(${name}))`),
      contexts: `[${name}]\n${extension('s', 'Wait(6)', 'Return()')}`,
    }),
    async play(cast) {
      const { phones, a, line } = cast
      const call = phones.call(fromOutside(cast, line))
      const callee = await phones.picksUp(a, 500)
      await sleep(1200)
      call.giveUp()
      await callee.over
    },
    rows: ({ a, outside }) => [
      {
        ...{ direction: 'inbound', disposition: 'cancelled', missed: 1, caller: outside, answered_by: [] },
        ...{ hangup_by: 'caller', legs: [`${a} answered`] },
        differs: 'the CDR counts the pick-up of a phone that was only asked',
      },
    ],
  },
  {
    name: 'chanspy-barges-into-a-call',
    config: ({ b, line }) => ({ extensions: extension(line, 'Answer()', `ChanSpy(PJSIP/${b},qB)`) }),
    async play({ phones, a, b, c, line }) {
      const talk = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(500)
      const spy = await phones.call({ from: c, to: line }).answered
      await talkFor(spy, 900)
      await talkFor(talk.caller, 500)
    },
    rows: ({ a, b, c }) => [
      {
        ...{ ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], hangup_by: 'caller' },
        legs: [`${b} answered`],
      },
      { ...SERVED, caller: c, hangup_by: 'caller' },
    ],
  },
  {
    name: 'ami-application-dial-through-a-local-channel',
    async play({ phones, a, outside }) {
      const dial = { Application: 'Dial', Data: `Local/48${outside}@cast/n,8`, CallerID: 'panel', Async: 'true' }
      await ami({ Action: 'Originate', Channel: `PJSIP/${a}`, ...dial })
      const agent = await phones.picksUp(a, 400)
      await phones.picksUp(outside, 700)
      await talkFor(agent, 1200)
    },
    rows: ({ a }) => [
      {
        ...{ ...ANSWERED, direction: 'outbound', caller: a, answered_by: ['trunk-b'] },
        ...{ trunk: 'trunk-b', hangup_by: 'caller', legs: [`${a} answered`, 'trunk-b answered'] },
      },
    ],
  },
]
