// Phones that are off: an outage never looks quiet. Who was called and could not even be dialed was tried all the same.
//
// 105 has no contact, and nothing listens at 106. Where nothing could be dialed there is no leg, but a target.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

const NO_CONTACT = `\${PJSIP_DIAL_CONTACTS(105)}`
const KNOWN_TO_BE_OFF = 'Set(DIALSTATUS=CHANUNAVAIL)'
const VOICEMAIL = 'VoiceMail(100,s)'

const inbound = ({ outside }: Names): Pick<Meant, 'direction' | 'caller' | 'trunk' | 'answered_by'> => ({
  ...{ direction: 'inbound', caller: outside, trunk: 'trunk-b', answered_by: [] },
})
const unreachable = { disposition: 'unreachable', missed: 1, hangup_by: 'system' } as const

/** Calls the flow's line from outside until the PBX ends it, unanswered. */
async function inVain(cast: FieldCast): Promise<void> {
  await cast.phones.call(fromOutside(cast, cast.line)).refused
}

/** The same where the PBX answers. */
async function untilHungUp(cast: FieldCast): Promise<void> {
  await (await cast.phones.call(fromOutside(cast, cast.line)).answered).over
}

/** The caller hangs up so long after the PBX answered. */
const leftAfter =
  (ms: number) =>
  async (cast: FieldCast): Promise<void> => {
    await talkFor(await cast.phones.call(fromOutside(cast, cast.line)).answered, ms)
  }

/** One extension by itself, called from outside; nobody can be reached, and nobody has a leg. */
function nobody(name: string, steps: readonly string[], more: Pick<Flow, 'play'> & Partial<Meant>): Flow {
  const { play, ...row } = more
  return {
    ...{ name, play },
    config: ({ line }) => ({ extensions: extension(line, ...steps) }),
    rows: (names) => [{ ...inbound(names), ...unreachable, legs: [], ...row }],
  }
}

const BY_THEMSELVES: readonly Flow[] = [
  nobody('off-empty-dial', [`Dial(${NO_CONTACT},3)`], { play: inVain }),
  nobody('off-empty-dial-then-announcement-left', ['Answer()', `Dial(${NO_CONTACT},3)`, 'Playback(beep)', 'Wait(5)'], {
    ...{ play: leftAfter(1500), disposition: 'cancelled', hangup_by: 'caller' },
  }),
  nobody('off-empty-dial-then-voicemail', [`Dial(${NO_CONTACT},3)`, VOICEMAIL], {
    ...{ play: leftAfter(1500), disposition: 'voicemail', hangup_by: 'caller' },
  }),
  nobody('off-empty-dial-then-early-announcement', [`Dial(${NO_CONTACT},3)`, 'Progress()', 'Playback(beep,noanswer)'], {
    play: inVain,
  }),
  nobody('off-local-leads-nowhere', ['Dial(Local/nobody@cast/n,3)'], { play: inVain }),
  nobody('off-local-leads-nowhere-answered-by-pbx', ['Answer()', 'Dial(Local/nobody@cast/n,3)', 'Playback(beep)'], {
    play: untilHungUp,
  }),
  nobody('off-undialed-then-voicemail', [KNOWN_TO_BE_OFF, VOICEMAIL], {
    ...{ play: leftAfter(1500), disposition: 'voicemail', hangup_by: 'caller' },
  }),
  nobody('off-undialed-then-congestion', [KNOWN_TO_BE_OFF, 'Congestion(1)'], { play: inVain }),
  nobody('off-undialed-then-hangup', [KNOWN_TO_BE_OFF, 'Hangup(20)'], { play: inVain }),
  nobody('off-undialed-then-announcement', [KNOWN_TO_BE_OFF, 'Answer()', 'Playback(beep)'], { play: untilHungUp }),
  nobody('off-undialed-then-announcement-left', [KNOWN_TO_BE_OFF, 'Answer()', 'Playback(beep)', 'Wait(5)'], {
    ...{ play: leftAfter(1500), disposition: 'cancelled', hangup_by: 'caller' },
  }),
  nobody(
    'off-device-state-asked-first',
    [
      `Set(STATE=\${DEVICE_STATE(PJSIP/105)})`,
      `ExecIf($["\${STATE}"="UNAVAILABLE"]?Set(DIALSTATUS=CHANUNAVAIL):Dial(PJSIP/105,3))`,
      VOICEMAIL,
    ],
    { play: leftAfter(1500), disposition: 'voicemail', hangup_by: 'caller' },
  ),
  nobody('off-chanisavail-nobody', ['ChanIsAvail(PJSIP/105)', KNOWN_TO_BE_OFF, 'Playback(beep)'], {
    play: untilHungUp,
  }),
  nobody('off-chanisavail-alone-then-announcement', ['ChanIsAvail(PJSIP/105)', 'Playback(beep)'], {
    play: untilHungUp,
  }),
  nobody('off-chanisavail-alone-then-voicemail', ['ChanIsAvail(PJSIP/105)', VOICEMAIL], {
    ...{ play: leftAfter(1500), disposition: 'voicemail', hangup_by: 'caller' },
  }),
  nobody('off-undialed-congestion-then-voicemail', ['Set(DIALSTATUS=CONGESTION)', VOICEMAIL], {
    ...{ play: leftAfter(1500), disposition: 'voicemail', hangup_by: 'caller' },
  }),
  nobody(
    'off-ring-group-by-contacts',
    ['Dial(Local/105@off-contacts/n&Local/106@off-contacts-none/n,3)', 'Playback(beep)'],
    { play: untilHungUp },
  ),
]

const CONTEXTS = `
[off-contacts]
exten => _X.,1,Dial(\${PJSIP_DIAL_CONTACTS(\${EXTEN})},5)
 same => n,Hangup()
[off-contacts-none]
exten => _X.,1,Dial(\${PJSIP_DIAL_CONTACTS(105)},5)
 same => n,Hangup()
[off-phones]
exten => _X.,1,Dial(PJSIP/\${EXTEN},5)
 same => n,Hangup()
`

const BESIDE_OTHERS: readonly Flow[] = [
  {
    name: 'off-chanisavail-finds-the-other',
    config: ({ a, line }) => ({
      extensions: extension(line, `ChanIsAvail(PJSIP/105&PJSIP/${a})`, `Dial(\${AVAILORIGCHAN},3)`),
    }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.a, afterMs: 400 })
      await talkFor(caller, 1000)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'answered', missed: 0, answered_by: [names.a], hangup_by: 'caller' },
        legs: [`${names.a} answered`],
      },
    ],
  },
  {
    name: 'off-ring-group-of-locals',
    config: ({ line }) => ({
      contexts: CONTEXTS,
      extensions: extension(line, 'Dial(Local/105@off-phones/n&Local/106@off-phones/n,2)'),
    }),
    play: inVain,
    rows: (names) => [{ ...inbound(names), ...unreachable, legs: ['105 unreachable', '106 unreachable'] }],
  },
  {
    name: 'off-ring-group-one-answers',
    config: ({ a, line }) => ({
      extensions: extension(line, `Dial(Local/105@off-contacts/n&Local/${a}@off-phones/n,3)`),
    }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.a, afterMs: 400 })
      await talkFor(caller, 1000)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'answered', missed: 0, answered_by: [names.a], hangup_by: 'caller' },
        legs: [`${names.a} answered`],
      },
    ],
  },
  {
    // What Dial could not dial has no leg when it could dial another.
    name: 'off-ring-group-other-is-busy-then-voicemail',
    config: ({ a, line }) => ({ extensions: extension(line, `Dial(PJSIP/105&PJSIP/${a},3)`, VOICEMAIL) }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const busy = await cast.phones.rung(cast.a)
      await sleep(300)
      busy.refuse('486 Busy Here')
      await talkFor(await call.answered, 1500)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'voicemail', missed: 1, hangup_by: 'caller' },
        legs: [`${names.a} busy`],
      },
    ],
  },
  {
    name: 'off-silent-and-the-other-declines',
    config: ({ a, line }) => ({ extensions: extension(line, `Dial(PJSIP/106&PJSIP/${a},2)`) }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const declining = await cast.phones.rung(cast.a)
      await sleep(300)
      declining.refuse('603 Decline')
      await call.refused
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'rejected', missed: 1 },
        legs: ['106 unreachable', `${names.a} rejected`],
      },
    ],
  },
  {
    name: 'off-then-next-phone-answers',
    config: ({ a, line }) => ({ extensions: extension(line, 'Dial(PJSIP/105,3)', `Dial(PJSIP/${a},3)`) }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.a, afterMs: 400 })
      await talkFor(caller, 1000)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'answered', missed: 0, answered_by: [names.a], hangup_by: 'caller' },
        legs: ['105 unreachable', `${names.a} answered`],
      },
    ],
  },
  {
    name: 'off-then-next-phone-rings-and-caller-leaves',
    config: ({ a, line }) => ({ extensions: extension(line, 'Dial(PJSIP/105,3)', `Dial(PJSIP/${a},5)`) }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const ringing = await cast.phones.rung(cast.a)
      await sleep(600)
      call.giveUp()
      await Promise.all([call.refused, ringing.cancelled])
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'cancelled', missed: 1, hangup_by: 'caller' },
        legs: ['105 unreachable', `${names.a} cancelled`],
      },
    ],
  },
  {
    name: 'off-then-cell-outside-answers',
    config: ({ line, other }) => ({
      extensions: extension(line, `Dial(${NO_CONTACT},3)`, `Dial(PJSIP/${other}@trunk-b,3)`),
    }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.other, afterMs: 400 })
      await talkFor(caller, 1000)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'answered', missed: 0, answered_by: ['trunk-b'], hangup_by: 'caller' },
        legs: ['trunk-b answered'],
      },
    ],
  },
  {
    name: 'off-then-cell-outside-rings-out',
    config: ({ line, other }) => ({
      extensions: extension(line, KNOWN_TO_BE_OFF, `Dial(PJSIP/${other}@trunk-b,1)`),
    }),
    play: inVain,
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'no_answer', missed: 1, hangup_by: 'system' },
        legs: ['trunk-b no_answer'],
      },
    ],
  },
  {
    name: 'off-then-queue-answers',
    config: ({ a, line, name }) => ({
      extensions: extension(line, 'Answer()', `Dial(${NO_CONTACT},3)`, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${a}`]),
    }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.a, afterMs: 1200 })
      await talkFor(caller, 1000)
    },
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'answered', missed: 0, answered_by: [names.a], hangup_by: 'caller' },
        ...{ queue: names.name, legs: [`${names.a} answered`] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'off-every-agent-of-a-queue',
    config: ({ line, name }) => ({
      extensions: extension(line, 'Answer()', `Queue(${name},,,,3)`, 'Playback(beep)'),
      queues: queue(name, ['Local/105@off-contacts/n'], 'timeout = 2'),
    }),
    play: untilHungUp,
    rows: (names) => [
      {
        ...{ ...inbound(names), disposition: 'no_answer', missed: 1, hangup_by: 'system' },
        ...{ queue: names.name, legs: [] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'timeout' }],
  },
]

export const OFF: readonly Flow[] = [...BY_THEMSELVES, ...BESIDE_OTHERS]
