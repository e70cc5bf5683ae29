// The live page of a PBX with 20,000 live calls (point 10): it receives all of them and every change, and stays connected.

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import { createLiveState } from '../../../src/http/page/client/liveState.ts'
import { eventually } from '../program/program.ts'
import { type Address, type Attack, inWorld } from './attack.ts'

const LIVE = 20_000
const PAGES = 5
const WHOLE_WITHIN_MS = 15_000
const LASTS_MS = 4_000

const crowdedPage: Attack = {
  point: 10,
  name: `live pages with ${LIVE} live calls`,
  on: 'its own',
  run: (stage) =>
    inWorld(stage, { callsPerSecond: 20, live: LIVE }, async ({ target }) => {
      const begin = performance.now()
      const pages = Array.from({ length: PAGES }, () => follow(target))
      await eventually(
        () => pages.filter((page) => page.isWhole()).length,
        (whole) => whole === PAGES,
        WHOLE_WITHIN_MS,
      )
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
      await sleep(LASTS_MS)
      const well = pages.filter((page) => page.isOpen() && page.gaps() === 0 && page.calls() >= LIVE)
      for (const page of pages) {
        page.close()
      }
      return {
        tried: `${PAGES} pages had all calls after ${seconds} s; ${PAGES - well.length} dropped or with gaps after ${LASTS_MS / 1_000} s more`,
        held: well.length === PAGES,
      }
    }),
}

export const LIVE_PAGES: readonly Attack[] = [crowdedPage]

/** A page as the browser runs it, without the browser. */
function follow({ host, port }: Address) {
  const socket = new WebSocket(`ws://${host}:${port}/api/live`)
  const state = createLiveState()
  let gaps = 0
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const message: LiveMessage = JSON.parse(String(data))
    if (state.apply(message) === 'gap') {
      gaps += 1
    }
  })
  return {
    isWhole: () => state.position() !== '',
    isOpen: () => socket.readyState === WebSocket.OPEN,
    gaps: () => gaps,
    calls: () => state.calls.size,
    close: () => socket.terminate(),
  }
}
