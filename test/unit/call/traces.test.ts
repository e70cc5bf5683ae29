// Recorded traffic of a real Asterisk 22 and the calls that it contains.

import { describe, expect, test } from 'vitest'
import { EXPECTED, eventsOf, fold } from './recording.ts'

const WITHIN = 0.05

describe.each(Object.entries(EXPECTED))('%s', (name, expected) => {
  const { calls, legs, facts, tracker } = fold(eventsOf(name))

  const legsOf = (id: string) =>
    [...legs.values()].filter(({ callId }) => callId === id).map(({ endpoint, result }) => `${endpoint} ${result}`)

  test('has the calls it had, and no others', () => {
    expect([...calls.keys()].sort()).toEqual(expected.calls.map((call) => call.channel_id).sort())
    expect([...tracker.live()]).toHaveLength(expected.active)
    expect([...tracker.liveCounts()]).toHaveLength(expected.active === 0 ? 0 : expect.anything())
  })

  test('has the queue waits it had', () => {
    const all = facts.flatMap((fact) => ('wait' in fact ? [fact.wait] : []))
    const waits = all.map(({ callId: call, queue, outcome }) => ({ call, queue, outcome }))
    expect(waits).toEqual(expected.queue_stays.map(({ call, queue, outcome }) => ({ call, queue, outcome })))
    for (const [index, { wait }] of expected.queue_stays.entries()) {
      const { enteredAt = Number.NaN, leftAt = Number.NaN } = all[index] ?? {}
      expect(Math.abs((leftAt - enteredAt) / 1000 - wait)).toBeLessThan(2 * WITHIN)
    }
  })

  test('a call says when it entered the queue in which it waits, and nothing once it has left', () => {
    // A wait goes on in the call that the caller is transferred to.
    const waits = facts.flatMap((fact) => ('wait' in fact ? [fact.wait] : []))
    const entries = facts.flatMap((fact) => ('call' in fact ? [fact.call] : [])).filter((call) => call.queueEnteredAt)
    expect(new Set(entries.map((call) => `${call.queue} ${call.queueEnteredAt}`))).toEqual(
      new Set(waits.map(({ queue, enteredAt }) => `${queue} ${enteredAt}`)),
    )
    expect([...calls.values()].filter((call) => call.queueEnteredAt !== null)).toEqual([])
  })

  test.each(expected.calls.map((call) => [call.channel_id, call] as const))('call %s', (id, want) => {
    const got = calls.get(id)
    expect(got).toMatchObject({
      caller: want.caller,
      callee: want.callee,
      direction: want.direction,
      disposition: want.disposition,
      missed: want.missed,
      queue: want.queue,
      answeredBy: want.answered_by,
      mergedInto: want.merged_into,
      ...(want.hangup_by !== null && { hungUpBy: want.hangup_by }),
      ...(want.transfers !== undefined && { transfers: want.transfers }),
      ...(want.sip_call_id !== undefined && { sipCallId: want.sip_call_id }),
      ...(want.recording !== undefined && { recording: want.recording }),
    })
    expect(Math.abs((got?.durationMs ?? Number.NaN) / 1000 - want.duration)).toBeLessThan(WITHIN)
    expect(legsOf(id)).toEqual(want.legs)
    if (want.answer_delay === null) {
      expect(got?.answerDelayMs).toBeNull()
    } else {
      expect(Math.abs((got?.answerDelayMs ?? Number.NaN) / 1000 - want.answer_delay)).toBeLessThan(WITHIN)
    }
  })
})
