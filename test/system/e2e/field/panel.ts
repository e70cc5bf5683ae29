// Transfers by an operator's panel over AMI, and blind transfers that reach nobody.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { extension, queue } from './config.ts'
import type { Flow, Meant, Names } from './flow.ts'
import { channelOf } from './operatorPanel.ts'

const answered = (
  names: Names,
): Pick<Meant, 'direction' | 'caller' | 'trunk' | 'disposition' | 'missed' | 'answered_by'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
  ...{ disposition: 'answered', missed: 0, answered_by: [names.a] },
})

export const PANEL: readonly Flow[] = [
  {
    name: 'ami-atxfer-to-a-colleague',
    config: ({ a, line }) => ({ extensions: extension(line, `Dial(PJSIP/${a},3,tT)`) }),
    async play(cast) {
      const { phones, a, b } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, cast.line), { by: a, afterMs: 300 })
      await sleep(600)
      await ami({ Action: 'Atxfer', Channel: await channelOf(a), Context: 'cast', Exten: b })
      void callee.speak(3000)
      await phones.picksUp(b, 500)
      await sleep(700)
      await callee.hangUp()
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1 },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
  },
  {
    name: 'ami-atxfer-to-a-waiting-queue-answered',
    config: ({ a, b, line, name }) => {
      const dialed = extension(`${line}1`, `Dial(PJSIP/${a},3,tT)`)
      return {
        extensions: extension(line, 'Answer()', `Queue(${name},,,,9)`) + dialed,
        queues: queue(name, [`PJSIP/${b}`]),
      }
    },
    async play(cast) {
      const { phones, a, b } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, `${cast.line}1`), { by: a, afterMs: 300 })
      await sleep(600)
      await ami({ Action: 'Atxfer', Channel: await channelOf(a), Context: 'cast', Exten: cast.line })
      void callee.speak(3000)
      const agent = await phones.rung(b)
      await sleep(700)
      await callee.hangUp()
      await sleep(900)
      agent.answer()
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1, queue: names.name },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'ami-blindtransfer-to-a-queue-abandoned',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,9)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const { phones, a, b } = cast
      const { caller } = await connect(phones, fromOutside(cast, a), { by: a, afterMs: 300 })
      await sleep(600)
      await ami({ Action: 'BlindTransfer', Channel: await channelOf(a), Context: 'cast', Exten: cast.line })
      await phones.rung(b)
      await talkFor(caller, 1500)
    },
    rows: (names) => [
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1, queue: names.name },
        legs: [`${names.a} answered`, `${names.b} cancelled`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
  },
  {
    name: 'blind-to-voicemail',
    config: ({ line }) => ({ extensions: extension(line, 'VoiceMail(100,s)') }),
    async play(cast) {
      const { caller, callee } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
      await sleep(700)
      await callee.transfer(cast.line)
      await talkFor(caller, 1500)
    },
    rows: (names) => [{ ...answered(names), hangup_by: 'caller', transfers: 1, legs: [`${names.a} answered`] }],
  },
  {
    name: 'blind-to-a-phone-that-is-off',
    config: ({ line }) => ({ extensions: extension(line, 'Dial(PJSIP/105,3)') }),
    async play(cast) {
      const { caller, callee } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
      await sleep(700)
      await callee.transfer(cast.line)
      await caller.over
    },
    rows: (names) => [
      {
        ...{ ...answered(names), hangup_by: 'system', transfers: 1 },
        legs: [`${names.a} answered`, '105 unreachable'],
      },
    ],
  },
]
