// Checks passwords of users. Each pair of name and password is computed once; then its result is cached.
//
// Checks run one after the other, with a pause after each wrong password, so that guessing is slow and costs the server little.
// When too many wait, a check is refused as `busy`. Cache keys are keyed digests, never clear text. For an unknown user the
// most expensive known hash is computed, so that the time does not reveal whether a user exists.

import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { PasswordCheck } from './bcrypt.ts'

type Verdict = 'right' | 'wrong'

/** `busy`: too many checks wait; the password was not checked. */
export type PasswordResult = Verdict | 'busy'

export interface Passwords {
  check(user: string, password: string): Promise<PasswordResult>
}

const MAX_CACHED = 100
const MAX_WAITING = 16
const PAUSE_MS = 100

/** `users`: name -> bcrypt hash, at least one. */
export function createPasswords(
  users: ReadonlyMap<string, string>,
  { matches }: { readonly matches: (check: PasswordCheck) => Promise<boolean> },
): Passwords {
  const secret = randomBytes(32)
  // Two caches, so that a flood of wrong passwords does not evict the right ones.
  const results = { right: cacheOfDigests(), wrong: cacheOfDigests() }
  const running = new Map<string, Promise<Verdict>>()
  const decoy = mostExpensive([...users.values()])
  let queue: Promise<unknown> = Promise.resolve()

  const compute = async (user: string, password: string): Promise<Verdict> => {
    const hash = users.get(user)
    const isMatch = await matches({ password, hash: hash ?? decoy })
    return isMatch && hash !== undefined ? 'right' : 'wrong'
  }

  const enqueue = (user: string, password: string): Promise<Verdict> => {
    const result = queue.then(() => compute(user, password))
    queue = result.then(
      (known) => (known === 'wrong' ? pause(PAUSE_MS, undefined, { ref: false }) : undefined),
      () => undefined,
    )
    return result
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
      const same = running.get(digest)
      if (same !== undefined) {
        return await same
      }
      if (running.size >= MAX_WAITING) {
        return 'busy'
      }
      const pending = enqueue(user, password)
      running.set(digest, pending)
      try {
        const result = await pending
        results[result].set(digest, true)
        return result
      } finally {
        running.delete(digest)
      }
    },
  }
}

function cacheOfDigests(): LRUCache<string, true> {
  return new LRUCache({ max: MAX_CACHED })
}

function mostExpensive(hashes: readonly string[]): string {
  const costOf = (hash: string): number => Number(hash.slice(4, 6))
  return hashes.reduce((highest, hash) => (costOf(hash) > costOf(highest) ? hash : highest))
}
