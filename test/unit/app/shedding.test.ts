// What is left out while the program is behind, and what the log says of it.

import { expect, test } from 'vitest'
import { createShedding } from '../../../src/app/shedding.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { createLog } from '../../../src/log.ts'
import { eventsOf, fold } from '../call/recording.ts'

test('leaves out the log lines of calls and pauses the live feed while behind; the log says so at both ends', () => {
  const logged: CallFact['type'][] = []
  const written: string[] = []
  const paused: boolean[] = []
  const shedding = createShedding({
    log: createLog({ level: 'info', format: 'json' }, { write: (line) => void written.push(JSON.parse(line).msg) }),
    logCall: ({ type }) => logged.push(type),
    pause: (isPaused) => paused.push(isPaused),
    queued: () => ({ bytes: 1_000 }),
  })
  const { facts } = fold(eventsOf('internal-answered-caller-hangup'))
  const reconciled: CallFact = { type: 'CallsReconciled', at: 0, kept: 1, adopted: 0, ended: 0 }

  facts.forEach(shedding.logCall)
  const all = facts.map(({ type }) => type)
  expect(logged).toEqual(all)
  shedding.onBehind(true)
  facts.forEach(shedding.logCall)
  shedding.logCall(reconciled)
  expect(logged).toEqual([...all, 'CallsReconciled'])
  shedding.onBehind(false)
  facts.forEach(shedding.logCall)
  expect(logged).toEqual([...all, 'CallsReconciled', ...all])
  expect(paused).toEqual([true, false])
  expect(written).toEqual([expect.stringMatching(/^behind/), expect.stringMatching(/^no longer behind/)])
})
