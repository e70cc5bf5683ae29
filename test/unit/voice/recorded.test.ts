// What is judged of the answers of Asterisk 22.10 and 16.28 to calls between sipp's phones.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readRtpStatistics } from '../../../src/ari/questions/rtpStatistics.ts'
import { firstJudgement, type Judgement, nextJudgement } from '../../../src/voice/judgement.ts'

interface Recorded {
  readonly seconds: number
  readonly channel: string
  readonly statistics: object
}

/** The last judgement of each channel, every look of the recording being one. */
const EXPECTED = {
  '102 never sends': { 'PJSIP/102': 'one_way rx' },
  '102 stops after 10 s': { 'PJSIP/102': 'one_way rx' },
  '101 loses a fifth': { 'PJSIP/101': 'loss rx' },
  '101 jitters': { 'PJSIP/101': 'jitter rx' },
  'nothing is wrong': {},
} as const

for (const version of ['22.10', '16.28']) {
  const file = new URL(`answers/${version}.json`, import.meta.url)
  const recordings: Readonly<Record<string, readonly Recorded[]>> = JSON.parse(readFileSync(file, 'utf8'))
  describe(`Asterisk ${version}`, () => {
    test.each(Object.entries(EXPECTED))('%s', (name, expected) => {
      const found = troublesOf(recordings[name] ?? [])
      expect(found).toMatchObject(expected)
      expect(Object.keys(found).length).toBeGreaterThan(1)
      expect(Object.entries(found).filter(([, trouble]) => trouble !== 'none')).toEqual(Object.entries(expected))
    })
  })
}

// Every trouble that was found; the recordings are too short for each to last until the end.
function troublesOf(recording: readonly Recorded[]): Readonly<Record<string, string>> {
  const judged = new Map<string, Judgement>()
  const troubles: Record<string, string> = {}
  for (const { seconds, channel, statistics } of recording) {
    const counts = readRtpStatistics(statistics)
    if (counts === null) {
      throw new Error(`the answer of ${channel} after ${seconds} s cannot be read`)
    }
    const before = judged.get(channel)
    const at = seconds * 1000
    const judgement = before === undefined ? firstJudgement(counts, at) : nextJudgement(before, counts, at)
    judged.set(channel, judgement)
    const { trouble } = judgement
    if (trouble !== null || troubles[channel] === undefined) {
      troubles[channel] = trouble === null ? 'none' : `${trouble.problem} ${trouble.side}`
    }
  }
  return troubles
}
