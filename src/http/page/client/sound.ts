// A short sound of two tones. Browsers play none before the user has clicked or pressed a key on the page.

export interface Sound {
  /** Whether the browser plays it. */
  isAllowed(): boolean
  /** Asks the browser; to be called while the user clicks. */
  allow(): Promise<void>
  play(): void
}

const TONES = [
  { hertz: 880, at: 0 },
  { hertz: 660, at: 0.18 },
] as const
const SECONDS = 0.16
const VOLUME = 0.15

export function createSound(): Sound {
  let context: AudioContext | null = null
  return {
    isAllowed: () => context?.state === 'running',
    async allow() {
      context ??= new AudioContext()
      await context.resume()
    },
    play() {
      if (context?.state !== 'running') {
        return
      }
      for (const { hertz, at } of TONES) {
        const begin = context.currentTime + at
        const tone = new OscillatorNode(context, { frequency: hertz })
        const gain = new GainNode(context, { gain: 0 })
        // Without the ramps, each tone would begin and end with a click.
        gain.gain.setTargetAtTime(VOLUME, begin, 0.01)
        gain.gain.setTargetAtTime(0, begin + SECONDS - 0.04, 0.01)
        tone.connect(gain).connect(context.destination)
        tone.start(begin)
        tone.stop(begin + SECONDS)
      }
    },
  }
}
