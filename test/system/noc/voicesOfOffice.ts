// How calls sound in a made-up office: the exporter's watch of live voices, with every question answered at once by the simulated PBX.
//
// The questions are asked at each scrape, in place of the questioner's pace.

import { readRtpStatistics } from '../../../src/ari/questions/rtpStatistics.ts'
import { rtpStatistics } from '../../../src/pbx-sim/asterisk/media.ts'
import type { World } from '../../../src/pbx-sim/asterisk/world.ts'
import { createVoiceWatch, type VoiceWatch, type VoiceWatchDependencies } from '../../../src/voice/voiceWatch.ts'

export interface Voices {
  readonly legs: VoiceWatch['legs']
  /** Asks all that is due at this time. */
  readonly ask: (world: World, at: number) => void
}

/** Nothing is known yet. */
export function createVoices(dependencies: VoiceWatchDependencies): Voices {
  const watch = createVoiceWatch(dependencies)
  return {
    legs: watch.legs,
    ask(world, at) {
      for (let question = watch.next(at); question !== null; question = watch.next(at)) {
        const channel = world.channels.get(question.channelId)
        const answer = channel === undefined ? null : readRtpStatistics(rtpStatistics(world, channel))
        if (answer === null) {
          watch.failed(question, 'gone', at)
        } else {
          watch.answered(question, answer, at)
        }
      }
    },
  }
}
