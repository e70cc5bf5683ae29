// A module is asked about once in each session; an answer that did not come is asked again.

import { expect, test } from 'vitest'
import { createModuleWatch } from '../../../src/app/moduleWatch.ts'

test('asks once in each session', () => {
  let session: object | null = null
  const watch = createModuleWatch('res_prometheus.so', () => session)
  const question = { about: 'module', module: 'res_prometheus.so' } as const
  expect([watch.next(0), watch.isRunning()]).toEqual([null, null])
  session = {}
  expect(watch.next(0)).toEqual(question)
  watch.failed(question, 'no_answer', 0)
  expect(watch.next(0)).toEqual(question)
  watch.answered(question, { about: 'module', isRunning: true }, 0)
  expect([watch.next(0), watch.isRunning()]).toEqual([null, true])
  session = {}
  watch.answered(question, { about: 'module', isRunning: false }, 0)
  expect([watch.next(0), watch.isRunning()]).toEqual([null, false])
  session = {}
  watch.failed(question, 'refused', 0)
  expect([watch.next(0), watch.isRunning()]).toEqual([null, null])
})
