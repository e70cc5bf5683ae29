// Calls that MixMonitor records: by the dialplan for the caller, by the queue, by the callee's Gosub, and again after a transfer.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, connect, fromOutside, talkFor } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { Flow, Names } from './flow.ts'

const EACH_CALL = '$' + '{UNIQUEID}'

/** Every recording has the name of its flow, so that flows can be told apart by it. */
const recordAs = (names: Names, what: string): string =>
  `MixMonitor(2026/11/29/${names.name}-${what}-${EACH_CALL}.wav,b)`

const inbound = ({ outside, a }: Names) =>
  ({ ...ANSWERED, direction: 'inbound', caller: outside, trunk: 'trunk-b', answered_by: [a] }) as const

export const RECORDED: readonly Flow[] = [
  {
    name: 'recorded-caller-then-again-after-a-blind-transfer',
    config: (names) => ({
      extensions: [
        extension(names.line, recordAs(names, 'in'), `Dial(PJSIP/${names.a})`),
        extension(`${names.line}2`, recordAs(names, 'transferred'), `Dial(PJSIP/${names.b})`),
      ].join('\n'),
    }),
    async play(cast) {
      const { a, b, line, phones } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, line), { by: a, afterMs: 500 })
      await sleep(800)
      await Promise.all([callee.transfer(`${line}2`), phones.picksUp(b, 600)])
      await talkFor(caller, 1200)
    },
    rows: (names) => [
      { ...inbound(names), transfers: 1, hangup_by: 'caller', legs: [`${names.a} answered`, `${names.b} answered`] },
    ],
  },
  {
    name: 'recorded-by-the-queue',
    config: (names) => ({
      extensions: extension(names.line, 'Answer()', `Queue(${names.name},,,,9)`),
      queues: queue(names.name, [`PJSIP/${names.a}`], 'monitor-type = MixMonitor', 'monitor-format = wav'),
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await cast.phones.picksUp(cast.a, 700)
      await talkFor(await call.answered, 1500)
    },
    rows: (names) => [{ ...inbound(names), queue: names.name, hangup_by: 'caller', legs: [`${names.a} answered`] }],
    stays: (names) => [{ queue: names.name, outcome: 'answered' }],
  },
  {
    name: 'recorded-callee-and-the-consultation',
    config: (names) => ({
      extensions: [
        extension(names.line, `Dial(PJSIP/${names.a},,U(${names.name}-record^callee))`),
        extension(`${names.line}2`, recordAs(names, 'consultation'), `Dial(PJSIP/${names.b})`),
      ].join('\n'),
      contexts: `[${names.name}-record]\n${extension('s', recordAs(names, 'callee'), 'Return()')}`,
    }),
    async play(cast) {
      const { a, b, line, phones } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, line), { by: a, afterMs: 500 })
      await sleep(700)
      const question = phones.call({ from: a, to: `${line}2` })
      await phones.picksUp(b, 400)
      const consultation = await question.answered
      await sleep(700)
      await callee.transferTo(`${line}2`, consultation)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      { ...inbound(names), transfers: 1, hangup_by: 'caller', legs: [`${names.a} answered`, `${names.b} answered`] },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: names.a, legs: [] },
    ],
  },
]
