// The program that kill.test.ts kills: ends a call about every millisecond and prints each one.
// Each call adds a row, a leg and a total; its line on stdout is `<number> <epoch ms of the append>`.

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

// A full pipe of a slow reader is EAGAIN: wait for it.
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
