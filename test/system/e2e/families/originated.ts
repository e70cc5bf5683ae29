// Calls that nobody dialed: an application, AMI or ARI has Asterisk call somebody first.

import { setTimeout as sleep } from 'node:timers/promises'
import { ami } from '../lab/ami.ts'
import { ari } from '../lab/asterisk.ts'
import { openDesk } from '../lab/stasisApp.ts'
import { ANSWERED, type Family, fromOutside, talkFor } from './family.ts'

async function clickToCall(endpoint: string, number: string, timeout = 4): Promise<void> {
  const query = `endpoint=${endpoint}&extension=${number}&context=cast&priority=1&callerId=click&timeout=${timeout}`
  await ari(`/channels?${query}`, 'POST')
}

export const ORIGINATED: readonly Family[] = [
  {
    name: 'click-to-call by ARI, answered',
    async play({ phones, a, b }) {
      await clickToCall(`PJSIP/${a}`, b)
      const caller = await phones.picksUp(a, 500)
      await phones.picksUp(b, 600)
      await talkFor(caller, 1000)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], hangup_by: 'caller' },
    ],
  },
  {
    name: 'click-to-call to a customer outside, answered',
    async play({ phones, a, outside }) {
      await clickToCall(`PJSIP/${a}`, `48${outside}`)
      await phones.picksUp(a, 400)
      await talkFor(await phones.picksUp(outside, 600), 900)
      return undefined
    },
    rows: ({ a }) => [
      {
        ...ANSWERED,
        direction: 'outbound',
        caller: a,
        answered_by: ['trunk-b'],
        hangup_by: 'callee',
        trunk: 'trunk-b',
      },
    ],
  },
  {
    name: 'click-to-call that nobody picks up',
    async play({ phones, a, b }) {
      await clickToCall(`PJSIP/${a}`, b, 2)
      await (await phones.rung(a)).cancelled
      return undefined
    },
    rows: ({ a }) => [{ direction: 'internal', disposition: 'no_answer', missed: 1, caller: a, answered_by: [] }],
  },
  {
    name: 'click-to-call whose customer is busy',
    async play({ phones, a, outside }) {
      await clickToCall(`PJSIP/${a}`, `48${outside}`)
      const caller = await phones.picksUp(a, 400)
      const customer = await phones.rung(outside)
      await sleep(300)
      customer.refuse('486 Busy Here')
      await caller.over
      return undefined
    },
    legs: () => ['trunk-b busy'],
    rows: ({ a }) => [
      { direction: 'outbound', disposition: 'busy', missed: 0, caller: a, answered_by: [], trunk: 'trunk-b' },
    ],
  },
  {
    name: 'click-to-call, given up while the customer rings',
    async play({ phones, a, outside }) {
      await clickToCall(`PJSIP/${a}`, `48${outside}`)
      const caller = await phones.picksUp(a, 400)
      await phones.rung(outside)
      await talkFor(caller, 600)
      return undefined
    },
    legs: () => ['trunk-b cancelled'],
    rows: ({ a }) => [
      {
        ...{ direction: 'outbound', disposition: 'cancelled', missed: 0, caller: a },
        ...{ answered_by: [], hangup_by: 'caller', trunk: 'trunk-b' },
      },
    ],
  },
  {
    name: 'originated by AMI through a Local channel that stays',
    async play({ phones, a, b }) {
      const to = { Context: 'cast', Exten: b, Priority: '1' }
      await ami({ Action: 'Originate', Channel: `Local/${a}@cast/n`, ...to, CallerID: 'robot', Async: 'true' })
      const caller = await phones.picksUp(a, 500)
      await phones.picksUp(b, 600)
      await talkFor(caller, 1000)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], hangup_by: 'caller' },
    ],
  },
  {
    name: 'originated through a Local channel to two phones, and nobody answers',
    async play({ phones, a, b, c }) {
      await clickToCall(`Local/39${a}@cast`, c)
      const [one, other] = await Promise.all([phones.rung(a), phones.rung(b)])
      await Promise.all([one.cancelled, other.cancelled])
      return undefined
    },
    rows: () => [{ direction: 'internal', disposition: 'no_answer', missed: 1, answered_by: [] }],
  },
  {
    name: 'click-to-call into a conference',
    async play({ phones, a }) {
      await clickToCall(`PJSIP/${a}`, '508')
      await talkFor(await phones.picksUp(a, 400), 900)
      return undefined
    },
    rows: ({ a }) => [{ ...ANSWERED, direction: 'internal', caller: a, callee: '508', answered_by: [] }],
  },
  {
    name: 'originated by AMI to an application',
    async play({ phones, a }) {
      const fields = { Channel: `PJSIP/${a}`, Application: 'Wait', Data: '2', CallerID: 'robot', Async: 'true' }
      await ami({ Action: 'Originate', ...fields })
      await (await phones.picksUp(a, 500)).over
      return undefined
    },
    rows: ({ a }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [a], hangup_by: 'system' }],
    pickedUp: true,
  },
  {
    name: 'originated through a Local channel',
    async play({ phones, a, b }) {
      await clickToCall(`Local/${a}@cast`, b)
      const caller = await phones.picksUp(a, 500)
      await phones.picksUp(b, 600)
      await talkFor(caller, 1000)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], hangup_by: 'caller' },
    ],
  },
  ...(['mixing', 'holding'] as const).map(
    (waiting): Family => ({
      name: `an application of another program dials by itself, its caller waits in a ${waiting} bridge`,
      async play(cast) {
        const desk = await openDesk(`desk-${waiting}`, cast.a, waiting)
        const caller = cast.phones.call(fromOutside(cast, waiting === 'mixing' ? '505' : '507'))
        await cast.phones.picksUp(cast.a, 900)
        await talkFor(await caller.answered, 1200)
        await sleep(300)
        desk.close()
        if (desk.failed.length > 0) {
          throw new Error(desk.failed.join('; '))
        }
        return undefined
      },
      rows: ({ a, outside }) => [
        { ...ANSWERED, direction: 'inbound', caller: outside, answered_by: [a], hangup_by: 'caller' },
        { direction: 'internal', disposition: 'merged', missed: 0, caller: a },
      ],
    }),
  ),
  {
    name: 'an application of another program listens to a call',
    async play({ phones, a, b }) {
      const tap = await openDesk('tap', '', 'mixing')
      const call = phones.call({ from: a, to: b })
      await phones.picksUp(b, 300)
      const caller = await call.answered
      const channels = (await ari('/channels')) as { id: string; name: string }[]
      const own = channels.find((channel) => channel.name.startsWith(`PJSIP/${a}-`))
      await ari(`/channels/${own?.id}/snoop?app=tap&appArgs=spy&spy=both`, 'POST')
      await talkFor(caller, 900)
      await sleep(300)
      tap.close()
      return undefined
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'caller' }],
    billsec: true,
  },
]
