// How often bcrypt is computed, in which order, and which checks are refused. A counter replaces bcrypt.

import { expect, test } from 'vitest'
import type { PasswordCheck } from '../../../src/http/auth/bcrypt.ts'
import { createPasswords } from '../../../src/http/auth/passwords.ts'

const CHEAP = `$2b$04$${'a'.repeat(53)}`
const EXPENSIVE = `$2b$12$${'b'.repeat(53)}`
const USERS = new Map([
  ['alice', CHEAP],
  ['bob', EXPENSIVE],
])

/** Replaces bcrypt: only the password `right` matches. Records the checks and how many ran at once. */
function counted() {
  const checks: PasswordCheck[] = []
  let running = 0
  let maxRunning = 0
  const matches = async (check: PasswordCheck): Promise<boolean> => {
    checks.push(check)
    running++
    maxRunning = Math.max(maxRunning, running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return check.password === 'right'
  }
  return { checks, matches, maxRunning: () => maxRunning }
}

test('computes the same pair once, right or wrong', async () => {
  const { checks, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  for (let i = 0; i < 3; i++) {
    expect(await passwords.check('alice', 'right')).toBe('right')
    expect(await passwords.check('alice', 'wrong')).toBe('wrong')
    expect(await passwords.check('nobody', 'right')).toBe('wrong')
  }
  expect(checks).toHaveLength(3)
})

test('a password of one user is computed again for another user', async () => {
  const { checks, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  await passwords.check('alice', 'right')
  await passwords.check('bob', 'right')
  expect(checks.map(({ hash }) => hash)).toEqual([CHEAP, EXPENSIVE])
})

test('an unknown user costs as much as the most expensive known one', async () => {
  const { checks, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  expect(await passwords.check('nobody', 'right')).toBe('wrong')
  expect(checks.map(({ hash }) => hash)).toEqual([EXPENSIVE])
})

test('computes one at a time, shares equal checks, and refuses more than sixteen', async () => {
  const { checks, matches, maxRunning } = counted()
  const passwords = createPasswords(USERS, { matches })
  const users = ['alice', 'alice', 'alice', 'bob', 'bob']
  const known = users.map((user) => passwords.check(user, 'right'))
  const guesses = Array.from({ length: 40 }, (_, i) => passwords.check('bob', `guess ${i}`))
  expect(await Promise.all(known)).toEqual(Array(5).fill('right'))
  const answers = await Promise.all(guesses)
  expect(answers).toEqual([...Array(14).fill('wrong'), ...Array(26).fill('busy')])
  expect(checks).toHaveLength(16)
  expect(maxRunning()).toBe(1)
})

test('many wrong passwords neither evict a right one from the cache nor delay its user', async () => {
  const { checks, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  await passwords.check('alice', 'right')
  const guesses = Array.from({ length: 300 }, (_, i) => passwords.check('alice', `guess ${i}`))
  expect(await passwords.check('alice', 'right')).toBe('right')
  expect(checks.filter(({ password }) => password === 'right')).toHaveLength(1)
  expect(await Promise.race(guesses.slice(20))).toBe('busy')
})

test('an error of bcrypt rejects only its own check', async () => {
  let failing = true
  const passwords = createPasswords(USERS, {
    matches: async () => {
      if (failing) {
        throw new Error('the thread ended')
      }
      return true
    },
  })
  await expect(passwords.check('alice', 'right')).rejects.toThrow('the thread ended')
  failing = false
  expect(await passwords.check('alice', 'right')).toBe('right')
})
