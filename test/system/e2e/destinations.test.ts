// What kinds of numbers phones of a real Asterisk dial on a trunk: twelve countries in three notations, as the library says; and lines.
//
// The right answer comes from the full metadata of libphonenumber-js, asked here; only what the library does not have is written down.

import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../program/program.ts'
import type { CallRow } from './callLogRows.ts'
import { isComplaint } from './exporter.ts'
import { type Sample, total } from './exposition.ts'
import { groupedBy } from './groupedBy.ts'
import { untilQuiet } from './lab/asterisk.ts'
import { ACCESS, CAST } from './lab/place.ts'
import { Session } from './session.ts'

const HOME = 'FI'
const COUNTRIES: readonly CountryCode[] = 'FI EE SE DE FR GB US CA RU KZ JP AU'.split(' ') as CountryCode[]
/** Prefix of the dialplan: out on trunk-b. */
const OUTSIDE = '48'
const OUTSIDER = '0401234567'
const LINES = { sales: '3301', support: '3311' } as const

/** One call out: from its own phone, so that its row is found. */
interface Dialed {
  readonly phone: string
  readonly number: string
  readonly isAnswered: boolean
  /** Class and country. */
  readonly right: string
}

const NUMBERS = COUNTRIES.flatMap((country) => {
  const number = getExampleNumber(country, examples)
  if (number === undefined) {
    throw new Error(`The library has no example of ${country}.`)
  }
  const digits = number.number.slice(1)
  const bare = country === HOME ? number.formatNational().replaceAll(/\D/g, '') : digits
  return [number.number, `00${digits}`, bare]
})

/** What the library does not class by its type, or has no country for. */
const OTHERS: Readonly<Record<string, string>> = {
  '112': 'emergency',
  '0600123456': 'premium',
  '+881612345678': 'satellite',
}

const CALLS: readonly Dialed[] = [
  ...NUMBERS.map((number) => ({ number, right: ofLibrary(number) })),
  ...Object.entries(OTHERS).map(([number, right]) => ({ number, right })),
].map((call, index) => ({ ...call, phone: CAST[index] ?? '', isAnswered: index % 3 === 0 }))

/** A number as it is dialed here: as abroad with + or 00, else as in this country, else with a calling code alone. */
function ofLibrary(dialed: string): string {
  const isAbroad = /^(\+|00)/.test(dialed)
  const readings = isAbroad ? [dialed.replace(/^00/, '+')] : [dialed, `+${dialed}`]
  const number = readings
    .map((text) => parsePhoneNumberFromString(text, { defaultCountry: HOME, extract: false }))
    .find((read) => read?.isValid())
  if (number === undefined) {
    return 'unknown'
  }
  return number.country === HOME ? (number.getType() ?? '').toLowerCase() : `international ${number.country}`
}

const written = (row: CallRow): string => [row.destination_class, row.destination_country].filter(Boolean).join(' ')

describe('what is dialed on the trunk of a real Asterisk', () => {
  let session: Session
  let samples: readonly Sample[]

  beforeAll(async () => {
    session = await Session.open('destinations', {}, ACCESS.user, {
      COUNTRY: HOME,
      LINES: `${LINES.sales}=Sales,331*=Support`,
    })
    const { phones } = session
    for (const { number, isAnswered } of CALLS) {
      phones.always(number, (incoming) => (isAnswered ? incoming.answer() : incoming.refuse('486 Busy Here')))
    }
    phones.always(LINES.sales, (incoming) => incoming.answer())
    phones.closes(LINES.support, '486 Busy Here')
    const placed = CALLS.map((call) => ({ call, ...phones.call({ from: call.phone, to: OUTSIDE + call.number }) }))
    const line = (to: string) => phones.call({ from: OUTSIDER, to, trunk: 'trunk-b' })
    const [talks] = await Promise.all([
      Promise.all([...placed.filter(({ call }) => call.isAnswered), line(LINES.sales)].map(({ answered }) => answered)),
      ...placed.filter(({ call }) => !call.isAnswered).map(({ refused }) => refused),
      line(LINES.support).refused,
    ])
    // A caller who hangs up on the answer itself may talk for 0 ms; once the log has the answer, the talk has lasted.
    await eventually(
      () => session.callLog.calls().filter((row) => row.answer_time !== null).length,
      (answered) => answered === talks.length,
    )
    await Promise.all(talks.map((talk) => talk.hangUp()))
    await untilQuiet()
    const calls = CALLS.length + Object.keys(LINES).length
    await eventually(
      () => session.callLog.ended(),
      (ended) => ended === calls,
    )
    samples = await session.exporter.settled(calls)
  })

  afterAll(() => session?.close())

  test('calls to numbers of 12 countries in three notations are classed as the library says', () => {
    expect(new Set(NUMBERS).size).toBe(36)
    expect(new Set(CALLS.map(({ right }) => right)).size).toBe(COUNTRIES.length + Object.keys(OTHERS).length)
    const rows = new Map(session.callLog.calls().map((row) => [row.caller_endpoint, row]))
    const classed = CALLS.map(({ phone, number }) => {
      const row = rows.get(phone)
      return `${number} ${row?.direction} ${row && written(row)}`
    })
    expect(classed).toEqual(CALLS.map(({ number, right }) => `${number} outbound ${right}`))
  })

  test('/metrics count them so, answered and not', () => {
    const groups = groupedBy(CALLS, ({ right, isAnswered }) => `${right}|${isAnswered ? 'yes' : 'no'}`)
    const talked = groupedBy(session.callLog.calls(), written)
    for (const [group, calls] of groups) {
      const [right = '', answered = ''] = group.split('|')
      const [kind = '', country = ''] = right.split(' ')
      expect([group, total(samples, 'asterisk_outbound_calls_total', { class: kind, country, answered })]).toEqual([
        group,
        calls.length,
      ])
      const seconds = total(samples, 'asterisk_outbound_talk_seconds_total', { class: kind, country })
      const logged = talked.get(right)?.reduce((sum, row) => sum + row.duration, 0) ?? 0
      expect(seconds, right).toBeCloseTo(logged, 3)
      expect([right, seconds > 0]).toEqual([right, groups.has(`${right}|yes`)])
    }
    expect(total(samples, 'asterisk_outbound_calls_total')).toBe(CALLS.length)
    expect(total(samples, 'asterisk_emergency_calls_total')).toBe(1)
  })

  test('the API finds them by destination and country', async () => {
    const found = async (query: string): Promise<readonly string[]> => {
      const answer = await fetch(`${session.exporter.url}/api/calls?limit=100&${query}`)
      const { calls } = (await answer.json()) as { readonly calls: readonly { readonly caller: string }[] }
      return calls.map((call) => call.caller).toSorted()
    }
    for (const [right, calls] of groupedBy(CALLS, (call) => call.right)) {
      const [kind, country] = right.split(' ')
      const phones = calls.map(({ phone }) => phone).toSorted()
      expect(await found(`destination=${kind}${country === undefined ? '' : `&country=${country}`}`)).toEqual(phones)
    }
    expect(await found('line=Sales')).toEqual([OUTSIDER])
  })

  test('a call to a line has its name, and is counted as it ended', () => {
    const rows = session.callLog.calls().filter((row) => row.direction === 'inbound')
    const told = rows.map((row) => `${row.callee} ${row.line} ${row.disposition} ${row.destination_class}`)
    expect(told.toSorted()).toEqual([`${LINES.sales} Sales answered null`, `${LINES.support} Support busy null`])
    for (const [line, disposition] of [
      ['Sales', 'answered'],
      ['Support', 'busy'],
    ] as const) {
      expect(total(samples, 'asterisk_line_calls_total', { line, disposition })).toBe(1)
    }
    expect(total(samples, 'asterisk_line_calls_total')).toBe(rows.length)
  })

  test('nothing complained', async () => {
    expect(await session.exporter.stop()).toBe(0)
    expect(session.exporter.lines.filter(isComplaint)).toEqual([])
  })
})
