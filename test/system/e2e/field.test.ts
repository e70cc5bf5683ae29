// Flows that users of Asterisk reported in public, on a real Asterisk: each must be recorded correctly.
//
// All of them are played at once, each by phones of its own, while the built program listens; then every row, every leg
// and every stay in a queue is compared with what the flow means, and with Asterisk's CDR, CEL and queue_log.
// FIELD_ONLY: names of flows, separated by commas, and no others.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Records } from './asteriskRecords.ts'
import { configOf } from './field/config.ts'
import { type FieldCast, type Flow, namesOf } from './field/flow.ts'
import { FLOWS } from './field/flows.ts'
import { type Judged, judge, type Written } from './field/judge.ts'
import { ACCESS } from './lab/place.ts'
import { Session } from './session.ts'
import { say, testWhole } from './sessionTests.ts'

const { FIELD_ONLY } = process.env
const CHOSEN = FLOWS.filter(({ name }) => FIELD_ONLY === undefined || FIELD_ONLY.split(',').includes(name))

describe('every flow of the field on a real Asterisk', () => {
  const judged: Judged[] = []
  let outcomes: Map<Flow, PromiseSettledResult<unknown>>
  let session: Session
  let records: Records
  let written: Written

  beforeAll(async () => {
    // The lab has 1,500 endpoints, more than are read before the first call.
    session = await Session.open('field', configOf(FLOWS), ACCESS.user, { ARI_QUESTIONS_PER_SECOND: '50' })
    await session.learned((endpoint) => endpoint.includes('@'))
    outcomes = await session.play(CHOSEN, (flow) => flow.play(cast(flow)))
    records = await session.records()
    const { callLog, exporter } = session
    written = { rows: callLog.calls(), legs: callLog.legs(), samples: await exporter.samples(), records }
  })

  afterAll(() => session?.close())

  function cast(flow: Flow): FieldCast {
    return { ...namesOf(FLOWS.indexOf(flow)), phones: session.phones }
  }

  test.each(CHOSEN)('$name', (flow) => {
    const verdict = judge(flow, cast(flow), written)
    judged.push(verdict)
    const outcome = outcomes.get(flow)
    const played = outcome?.status === 'rejected' ? [`not played as it was meant: ${outcome.reason}`] : []
    const wrong = [...played, ...verdict.differences]
    expect(wrong, wrong.join('\n')).toEqual([])
  })

  test('every call and every stay in a queue was compared', () => {
    say(`flows ${judged.length}, calls ${figuresOf('calls', judged)}; stays ${figuresOf('stays', judged)}`)
    expect(judged).toHaveLength(CHOSEN.length)
  })

  testWhole(() => ({ session, records, stays: CHOSEN.flatMap((flow) => flow.stays?.(cast(flow)) ?? []) }))
})

function figuresOf(what: 'calls' | 'stays', judged: readonly Judged[]): string {
  const sum = (key: 'compared' | 'explained' | 'unexplained'): number =>
    judged.reduce((all, one) => all + one[what][key], 0)
  const [compared, explained, unexplained] = [sum('compared'), sum('explained'), sum('unexplained')]
  const agreeing = compared - explained - unexplained
  return `compared ${compared}, agreeing ${agreeing}, explained ${explained}, unexplained ${unexplained}`
}
