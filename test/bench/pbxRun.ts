// A simulated PBX under steady load, as a process of its own: so many calls a second, begun on request.
//
//   node pbxRun.ts real|lean CALLS_A_SECOND DRAIN_SECONDS
//
// Says `{ready}`, answers `{where}` with `{url}`; on `{begin}` the calls begin. On `{halt}` no more begin; most that live come to their ends, then
// everything is stalled: `{calls}` is how many have ended, `{live}` how many scenarios continue, each with a call or two that ended already.

import { startPbx } from '../../src/pbx-sim/pbx.ts'
import { createRandom } from '../../src/pbx-sim/random.ts'
import { drawScenario } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { ACCESS } from './access.ts'

const EVERY_MS = 5
const SPEED = 12

const rate = Number(process.argv[3])
const drainMs = Number(process.argv[4]) * 1000
const pbx = await startPbx({ ...ACCESS, traffic: process.argv[2] === 'lean' ? 'lean' : 'real', speed: SPEED })
const random = createRandom(1)
let timer: NodeJS.Timeout | undefined

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null) {
    return
  }
  if ('where' in message) {
    process.send?.({ url: pbx.url })
  }
  if ('begin' in message) {
    begin()
  }
  if ('halt' in message) {
    halt()
  }
})
process.send?.({ ready: true })

function begin(): void {
  const begun = performance.now()
  let placed = 0
  timer = setInterval(() => {
    const due = ((performance.now() - begun) * rate) / 1000
    for (; placed < due; placed += 1) {
      pbx.place(drawScenario(random))
    }
  }, EVERY_MS)
}

function halt(): void {
  clearInterval(timer)
  setTimeout(() => {
    pbx.stall()
    const { calls, scenarios } = pbx.truth()
    process.send?.({ calls, live: scenarios.live })
  }, drainMs)
}
