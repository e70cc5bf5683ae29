// The program that kill.test.ts kills: ends a call each millisecond or so and says, call by call, that it has.
// One call = a row, a leg and a total; a line on stdout is `<number> <epoch ms of the append>`.

import { writeSync } from 'node:fs'
import { pino } from 'pino'
import { openCallLog } from '../../../src/calllog/callLog.ts'
import { ended, sampleLeg, started } from './samples.ts'

const { callLog, restored } = await openCallLog(
  { path: process.argv[2] ?? '', retentionDays: 0 },
  { log: pino({ level: 'silent' }), onWrite: () => undefined, onWriteError: () => undefined },
)
const total = [{ name: 'ended', labels: {}, value: 1 }]
let number = callLog.status().rows + restored.calls.length

setInterval(() => {
  number += 1
  const channelId = `${number}`
  const leg = sampleLeg({ callId: channelId, id: `${number}-leg` })
  callLog.append([started({ channelId }), { type: 'LegStarted', at: Date.now(), leg }, ended({ channelId })], total)
  say(`${number} ${Date.now()}\n`)
}, 1)

// Waits for a reader that is slow: a full pipe is EAGAIN.
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        throw error
      }
    }
  }
}
