// The role of an endpoint follows from its configuration, and doubt is told.

import { describe, expect, test } from 'vitest'
import type { EndpointSettings, Evidence } from '../../../src/endpoint/evidence.ts'
import { type Judgement, judgeAll, REASONS, reasonText } from '../../../src/endpoint/judge.ts'
import { evidenceIn } from './configured.ts'
import { PRODUCTS } from './products.ts'

const nobody = { isQueueMember: () => false }

const [FREEPBX, , , BY_HAND] = PRODUCTS

describe.each(PRODUCTS)('endpoints as $name writes them', ({ name, pjsip, roles }) => {
  // Nobody has nothing but door phones.
  const judged = judgeAll(evidenceIn(name === 'by hand' ? `${FREEPBX?.pjsip}\n${pjsip}` : pjsip), nobody)

  test.each(Object.entries(roles))('%s: %j', (endpoint, [role, certainty]) => {
    expect(judged.get(endpoint)).toMatchObject({ role, certainty })
  })
})

test('all of them in one PBX have the same roles', () => {
  const judged = judgeAll(evidenceIn(PRODUCTS.map(({ pjsip }) => pjsip).join('\n')), nobody)
  const right = PRODUCTS.flatMap(({ roles }) => Object.entries(roles).map(([name, [role]]) => [name, role]))
  expect([...judged].map(([name, { role }]) => [name, role]).sort()).toEqual(right.sort())
})

const SETTINGS: EndpointSettings = {
  context: 'in',
  aors: ['x'],
  asksPassword: false,
  outboundAccount: 'none',
  byAddressOnly: false,
  callerNumber: null,
  hasSender: false,
  hasMailbox: false,
  isWebRtc: false,
  hasGroup: false,
  hasBusyLimit: false,
}

const one = (settings: Partial<EndpointSettings>, rest: Partial<Evidence> = {}): Evidence => ({
  settings: { ...SETTINGS, ...settings },
  address: null,
  isIdentified: false,
  registersOut: false,
  ...rest,
})

const judge = (evidence: Evidence, name = 'x', isQueueMember = false): Judgement | undefined =>
  judgeAll(new Map([[name, evidence]]), { isQueueMember: () => isQueueMember }).get(name)

const registering = { maxContacts: 1, fixedContact: null, hasMailbox: false } as const
const fixed = { maxContacts: 0, fixedContact: 'user', hasMailbox: false } as const

test('what is no evidence has no role', () => {
  expect(judge(one({}))).toEqual({ role: null, certainty: 'doubtful', reasons: [] })
})

test('a member of a queue is a phone', () => {
  expect(judge(one({}), 'x', true)).toEqual({ role: 'phone', certainty: 'sure', reasons: ['queue_member'] })
})

test('reasons are those of greatest weight first, the contrary ones too', () => {
  expect(judge(one({ callerNumber: 'x' }, { address: fixed }))?.reasons).toEqual(['own_number', 'fixed_contact'])
})

test('a gateway that registers with the PBX is doubtful, and the context of other trunks makes it one', () => {
  const phone = one({ context: 'phones', asksPassword: true, callerNumber: '1' }, { address: registering })
  const gateway = one({ context: 'pstn', asksPassword: true, outboundAccount: 'shared' }, { address: registering })
  const carrier = one({ context: 'pstn', outboundAccount: 'own' }, { address: fixed })
  const phones = [
    ['101', phone],
    ['102', phone],
  ] as const
  const alone = judgeAll(new Map([...phones, ['gateway', gateway]]), nobody).get('gateway')
  expect(alone).toEqual({ role: null, certainty: 'doubtful', reasons: ['registers', 'own_context'] })
  const beside = judgeAll(new Map([...phones, ['gateway', gateway], ['carrier', carrier]]), nobody)
  expect(beside.get('gateway')).toMatchObject({ role: 'trunk', certainty: 'doubtful' })
  expect(beside.get('carrier')).toMatchObject({ role: 'trunk', certainty: 'sure' })
})

test('a context that trunks and phones share is no sign, unless almost all are phones', () => {
  const all = new Map([
    ['101', one({ asksPassword: true }, { address: registering })],
    ['trunk', one({ outboundAccount: 'own' })],
    ['other', one({}, { address: fixed })],
  ])
  expect(judgeAll(all, nobody).get('other')?.reasons).toEqual(['fixed_contact'])
  const more = ['102', '103'].map((name) => [name, one({ asksPassword: true }, { address: registering })] as const)
  expect(judgeAll(new Map([...all, ...more]), nobody).get('other')?.reasons).toEqual(['phone_context', 'fixed_contact'])
})

test('one phone alone in its context is no trunk', () => {
  const phone = (context: string) => one({ context, asksPassword: true }, { address: registering })
  const all = new Map([
    ['101', phone('first')],
    ['102', phone('second')],
  ])
  expect([...judgeAll(all, nobody).values()].map(({ role }) => role)).toEqual(['phone', 'phone'])
})

test('ten thousand endpoints are judged in a moment', () => {
  const phone = one({ asksPassword: true }, { address: registering })
  const many = new Map(Array.from({ length: 10_000 }, (_, index) => [String(index), phone] as const))
  expect(judgeAll(many, nobody).size).toBe(10_000)
})

test('each reason has a text', () => {
  expect(REASONS.map(reasonText).every((text) => text.length > 10)).toBe(true)
  expect(BY_HAND?.name).toBe('by hand')
})
