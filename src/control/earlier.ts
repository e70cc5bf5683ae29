// Answers of earlier requests by their idempotency keys: a request that is sent again gets the answer of the first, and makes no call.

export interface EarlierAnswers<Answer> {
  /**
   * The answer to this request of this user, which `make` gives the first time; `reused`: the key came with another request. Final answers
   * of the last day are kept, the oldest of many are forgotten.
   */
  answer(
    request: { readonly who: string; readonly key: string; readonly content: string; readonly now: number },
    make: () => Promise<Answer>,
  ): Promise<Answer | 'reused'>
}

interface Kept<Answer> {
  readonly content: string
  readonly at: number
  readonly answer: Promise<Answer>
}

const KEPT_MS = 86_400_000
const MOST_KEPT = 10_000

/** `isFinal`: false if the same request may be answered otherwise later. */
export function createEarlierAnswers<Answer>(
  isFinal: (answer: Answer) => boolean,
  most = MOST_KEPT,
): EarlierAnswers<Answer> {
  const known = new Map<string, Kept<Answer>>()

  function forgetOld(now: number): void {
    for (const [name, { at }] of known) {
      if (known.size < most && now - at < KEPT_MS) {
        return
      }
      known.delete(name)
    }
  }

  return {
    async answer({ who, key, content, now }, make) {
      forgetOld(now)
      const name = JSON.stringify([who, key])
      const earlier = known.get(name)
      if (earlier !== undefined) {
        return earlier.content === content ? await earlier.answer : 'reused'
      }
      const kept: Kept<Answer> = { content, at: now, answer: make() }
      known.set(name, kept)
      const answer = await kept.answer
      if (!isFinal(answer) && known.get(name) === kept) {
        known.delete(name)
      }
      return answer
    },
  }
}
