// How often a password is computed, in which order, and which are refused. The computing itself is counted, not done.

import { expect, test } from 'vitest'
import type { Question } from '../../../src/http/auth/bcrypt.ts'
import { createPasswords } from '../../../src/http/auth/passwords.ts'

const CHEAP = `$2b$04$${'a'.repeat(53)}`
const DEAR = `$2b$12$${'b'.repeat(53)}`
const USERS = new Map([
  ['alice', CHEAP],
  ['bob', DEAR],
])

/** A computation that is right for `right`, and a record of what was asked and how many ran at once. */
function counted() {
  const asked: Question[] = []
  let running = 0
  let most = 0
  const matches = async (question: Question): Promise<boolean> => {
    asked.push(question)
    running++
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return question.password === 'right'
  }
  return { asked, matches, most: () => most }
}

test('the same pair is computed once, right or wrong', async () => {
  const { asked, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  for (let i = 0; i < 3; i++) {
    expect(await passwords.check('alice', 'right')).toBe('right')
    expect(await passwords.check('alice', 'wrong')).toBe('wrong')
    expect(await passwords.check('nobody', 'right')).toBe('wrong')
  }
  expect(asked).toHaveLength(3)
})

test('what is right for one user says nothing of another', async () => {
  const { asked, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  await passwords.check('alice', 'right')
  await passwords.check('bob', 'right')
  expect(asked.map(({ hash }) => hash)).toEqual([CHEAP, DEAR])
})

test('a user who does not exist costs as much as the dearest', async () => {
  const { asked, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  expect(await passwords.check('nobody', 'right')).toBe('wrong')
  expect(asked.map(({ hash }) => hash)).toEqual([DEAR])
})

test('one is computed at a time; equal ones share; beyond sixteen, the rest are refused', async () => {
  const { asked, matches, most } = counted()
  const passwords = createPasswords(USERS, { matches })
  const users = ['alice', 'alice', 'alice', 'bob', 'bob']
  const known = users.map((user) => passwords.check(user, 'right'))
  const guesses = Array.from({ length: 40 }, (_, i) => passwords.check('bob', `guess ${i}`))
  expect(await Promise.all(known)).toEqual(Array(5).fill('right'))
  const answers = await Promise.all(guesses)
  expect(answers).toEqual([...Array(14).fill('wrong'), ...Array(26).fill('busy')])
  expect(asked).toHaveLength(16)
  expect(most()).toBe(1)
})

test('a flood of wrong ones does not push out who was right, and turns nobody away whom we know', async () => {
  const { asked, matches } = counted()
  const passwords = createPasswords(USERS, { matches })
  await passwords.check('alice', 'right')
  const flood = Array.from({ length: 300 }, (_, i) => passwords.check('alice', `guess ${i}`))
  expect(await passwords.check('alice', 'right')).toBe('right')
  expect(asked.filter(({ password }) => password === 'right')).toHaveLength(1)
  expect(await Promise.race(flood.slice(20))).toBe('busy')
})

test('a computation that fails fails its own check, and the next is computed', async () => {
  let failing = true
  const passwords = createPasswords(USERS, {
    matches: async () => {
      if (failing) {
        throw new Error('the thread died')
      }
      return true
    },
  })
  await expect(passwords.check('alice', 'right')).rejects.toThrow('the thread died')
  failing = false
  expect(await passwords.check('alice', 'right')).toBe('right')
})
