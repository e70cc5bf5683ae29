// The program that kill.test.ts kills: it ends a call each millisecond or so, each with a row, a leg, a missed caller and a total.
// After each write it prints the number of calls that are on disk.

import { writeSync } from 'node:fs'
import { pino } from 'pino'
import { openCallLog } from '../../../src/calllog/callLog.ts'
import { missedCaller } from '../callback/office.ts'
import { ended, sampleLeg, started } from './samples.ts'

const { callLog, restored } = await openCallLog(
  {
    path: process.argv[2] ?? '',
    retentionDays: 0,
    sinks: [{ sink: 'postgres', events: ['call', 'missed_caller'], backFill: 'db' }],
  },
  {
    log: pino({ level: 'silent' }),
    onWrite: () => say(`${callLog.status().rows}\n`),
    onWriteError: () => undefined,
  },
)
const total = [{ name: 'ended', labels: {}, value: 1 }]
let number = callLog.status().rows + restored.calls.length

setInterval(() => {
  number += 1
  const channelId = `${number}`
  const leg = sampleLeg({ callId: channelId, id: `${number}-leg` })
  const facts = [started({ channelId }), { type: 'LegStarted', at: Date.now(), leg } as const, ended({ channelId })]
  const caller = missedCaller(number)
  callLog.append(facts, total, [{ type: 'MissedCallerOpened', at: Date.now(), caller, missedCall: channelId }])
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
