// Errors of the server become a reason of the list and a sentence that says what to do, without what the server quotes.

import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'
import { problemOf, refusalText, refusesContent } from '../../../src/central/problem.ts'

const WHERE = 'db.example.org:5432/calls'

function serverError(
  code: string,
  message = 'value "0401234567" is wrong',
  names: Partial<DatabaseError> = {},
): DatabaseError {
  return Object.assign(new DatabaseError(message, 9, 'error'), { code, ...names })
}

test.each([
  ['53100', 'full', 'make room'],
  ['53200', 'full', 'look into its log'],
  ['53300', 'status', 'max_connections'],
  ['57P01', 'unreachable', 'ended the session'],
  ['57P03', 'status', 'wait'],
  ['57014', 'timeout', 'pg_stat_activity'],
  ['55P03', 'timeout', 'pg_locks'],
  ['40001', 'status', 'another one'],
  ['25006', 'full', 'primary server'],
  ['42P01', 'schema', 'fleet --init'],
  ['42704', 'schema', 'fleet --init'],
  ['28000', 'unauthorized', 'pg_hba.conf'],
  ['08006', 'unreachable', 'broke'],
  ['58030', 'full', 'look into its log'],
  ['XX000', 'other', 'reports an error'],
])('%s is %s', (code, reason, advice) => {
  const problem = problemOf(serverError(code), WHERE)
  expect([problem.reason, problem.message]).toEqual([reason, expect.stringContaining(advice)])
  expect(problem.message).toContain(WHERE)
  expect(problem.message).not.toContain('0401234567')
})

test('some errors are of the row, which is named without its values', () => {
  expect(refusesContent(serverError('22003'))).toBe(true)
  expect(refusesContent(serverError('23502'))).toBe(true)
  expect(refusesContent(serverError('54000'))).toBe(true)
  expect(refusesContent(serverError('53100'))).toBe(false)
  expect(refusesContent(new Error('broken'))).toBe(false)
  expect(refusalText(serverError('22003'))).toBe('22003 value … is wrong')
  expect(refusalText(serverError('22007', 'invalid input syntax for type date: 0401234567', { column: 'day' }))).toBe(
    '22007 day invalid input syntax for type date',
  )
})

test('a partition that was attached meanwhile is no fault of the row', () => {
  const error = serverError('23514', 'new row for relation "calls_default" violates partition constraint')
  expect(refusesContent(error)).toBe(false)
  expect(problemOf(error, WHERE).reason).toBe('status')
  expect(refusesContent(serverError('23514', 'violates check constraint', { constraint: 'none' }))).toBe(true)
})
