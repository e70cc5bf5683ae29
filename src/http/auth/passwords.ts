// Checks a user's password; each pair of name and password costs one bcrypt at most, then the result is cached.
//
// Checks run one after the other, with a pause after each wrong one, so that guessing is slow and cheap for the server; when
// too many wait, a check is refused as `busy`. Results are cached under a keyed digest, never in clear text. An unknown user
// costs the same bcrypt as the costliest known one, so that the time taken does not show whether a user exists.

import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Question } from './bcrypt.ts'

/** `busy`: too many checks wait; the password was not checked. */
export type PasswordAnswer = 'right' | 'wrong' | 'busy'

export interface Passwords {
  check(user: string, password: string): Promise<PasswordAnswer>
}

const REMEMBERED = 100
const WAITING = 16
const PAUSE_MS = 100

/** `users`: name -> bcrypt hash, at least one. */
export function createPasswords(
  users: ReadonlyMap<string, string>,
  { matches }: { readonly matches: (question: Question) => Promise<boolean> },
): Passwords {
  const secret = randomBytes(32)
  // Two caches, so that a flood of wrong passwords does not evict the right ones.
  const results = { right: cacheOfDigests(), wrong: cacheOfDigests() }
  const underWay = new Map<string, Promise<PasswordAnswer>>()
  const decoy = costliest([...users.values()])
  let turn: Promise<unknown> = Promise.resolve()

  const computed = async (user: string, password: string): Promise<PasswordAnswer> => {
    const hash = users.get(user)
    const same = await matches({ password, hash: hash ?? decoy })
    return same && hash !== undefined ? 'right' : 'wrong'
  }

  const inTurn = (user: string, password: string): Promise<PasswordAnswer> => {
    const answer = turn.then(() => computed(user, password))
    turn = answer.then(
      (found) => (found === 'wrong' ? pause(PAUSE_MS, undefined, { ref: false }) : undefined),
      () => undefined,
    )
    return answer
  }

  return {
    async check(user, password) {
      const digest = createHmac('sha256', secret)
        .update(JSON.stringify([user, password]))
        .digest('base64')
      if (results.right.get(digest) === true) {
        return 'right'
      }
      if (results.wrong.get(digest) === true) {
        return 'wrong'
      }
      const asked = underWay.get(digest)
      if (asked !== undefined) {
        return await asked
      }
      if (underWay.size >= WAITING) {
        return 'busy'
      }
      const answer = inTurn(user, password)
      underWay.set(digest, answer)
      try {
        const found = await answer
        if (found !== 'busy') {
          results[found].set(digest, true)
        }
        return found
      } finally {
        underWay.delete(digest)
      }
    },
  }
}

function cacheOfDigests(): LRUCache<string, true> {
  return new LRUCache({ max: REMEMBERED })
}

function costliest(hashes: readonly string[]): string {
  const costOf = (hash: string): number => Number(hash.slice(4, 6))
  return hashes.reduce((most, hash) => (costOf(hash) > costOf(most) ? hash : most))
}
