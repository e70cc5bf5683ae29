// Whether a user's password is right, at the price of one bcrypt for each pair of name and password.
//
// Checks run one after the other, with a pause after each wrong one, so that guessing is slow and costs little; more than
// a few that wait are turned away. What was found is remembered by a keyed digest, never in clear; right answers and wrong
// ones apart, so that a flood of the wrong does not push out the right. The time taken does not tell whether a user exists.

import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Question } from './bcrypt.ts'

/** `busy`: too many others are being checked; nothing is known. */
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
  const right = new Remembered()
  const wrong = new Remembered()
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
      if (right.has(digest)) return 'right'
      if (wrong.has(digest)) return 'wrong'
      const asked = underWay.get(digest)
      if (asked !== undefined) return await asked
      if (underWay.size >= WAITING) return 'busy'
      const answer = inTurn(user, password)
      underWay.set(digest, answer)
      try {
        const found = await answer
        const memory = found === 'right' ? right : wrong
        memory.add(digest)
        return found
      } finally {
        underWay.delete(digest)
      }
    },
  }
}

// The latest few, by use.
class Remembered {
  readonly #digests = new Set<string>()

  has(digest: string): boolean {
    if (!this.#digests.delete(digest)) return false
    this.#digests.add(digest)
    return true
  }

  add(digest: string): void {
    this.#digests.add(digest)
    const [oldest] = this.#digests
    if (this.#digests.size > REMEMBERED && oldest !== undefined) this.#digests.delete(oldest)
  }
}

function costliest(hashes: readonly string[]): string {
  const costOf = (hash: string): number => Number(hash.slice(4, 6))
  return hashes.reduce((most, hash) => (costOf(hash) > costOf(most) ? hash : most))
}
