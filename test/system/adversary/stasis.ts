// A burst into our Stasis application (point 4), while others ask the same Asterisk.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Attack, whileWatched } from './attack.ts'
import { LOGIN } from './world.ts'

const CALLERS = 1_000
const CALL = { patienceMs: 60_000, ringMs: 200, talkMs: 2_000 }

const burst: Attack = {
  point: 4,
  name: `${CALLERS} callers at once into our application`,
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const { load, pbx, complaints } = world
      const calls = Array.from({ length: CALLERS }, () => load.place('stasis', CALL))
      const others = asOthers(pbx.url)
      const truths = (await Promise.all(calls)).flat()
      const { asked, slowestMs, refused } = await others.stop()
      const silent = truths.filter(({ disposition }) => disposition !== 'answered').length
      return {
        tried: `${silent} left in silence; ${asked} requests of another client meanwhile: ${refused} refused, ${slowestMs} ms at most`,
        held: silent === 0 && refused === 0 && complaints.length === 0,
      }
    }),
}

/** Another client of the same Asterisk, which asks for one thing after the other. */
function asOthers(url: string) {
  const authorization = `Basic ${btoa(`${LOGIN.user}:${LOGIN.password}`)}`
  const seen = { asked: 0, refused: 0, slowestMs: 0 }
  let over = false
  const asking = (async () => {
    while (!over) {
      const begin = performance.now()
      const answer = await fetch(`${url}/ari/asterisk/info`, { headers: { authorization } }).catch(() => null)
      await answer?.text()
      seen.asked += 1
      seen.refused += answer?.status === 200 ? 0 : 1
      seen.slowestMs = Math.max(seen.slowestMs, Math.round(performance.now() - begin))
      await sleep(20)
    }
  })()
  return {
    async stop() {
      over = true
      await asking
      return seen
    },
  }
}

export const BURSTS: readonly Attack[] = [burst]
