// The phones and trunks: sipp processes that call Asterisk, or are called by it.
//
// A process that ends with anything but 0 did not play its part, and the test says so: what it concludes from the records
// would be worthless. sipp's own time-out does not end a call that hangs, so every process has a deadline here.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { filled } from './filled.ts'
import { PLACE, PORTS } from './place.ts'

const SCENARIOS = join(import.meta.dirname, 'sipp')
const MEDIA_STEP = 4
/** A second in mu-law, which sipp repeats. */
const [SOUND_BYTES, SILENCE] = [8_000, 0xff]
/** On a busy machine Asterisk sends an INVITE again that a called sipp is still answering; sipp takes that for an error. */
const GOES_ON = ['-default_behaviors', 'all,-abortunexp']

/** RTP is sent from the answer to the end, or for so many ms, which are less than the call lasts; without it none is sent. */
interface Speaking {
  readonly speaks?: 'always' | number
}

/** What a called phone does; times in ms. A `talk` of 0 waits for the other side to hang up. */
export type Callee =
  | ({ readonly does: 'answers'; readonly ring: number; readonly talk: number } & Speaking)
  | { readonly does: 'refuses'; readonly status: string; readonly ring: number; readonly contact?: string }
  | { readonly does: 'rings' }

/** One call to make. `from`: an endpoint of pjsip.conf. `talk`: until the caller hangs up, in ms; 0 leaves that to the other side. */
export interface Outgoing {
  readonly from: '101' | '102' | '103' | '104' | 'trunk-a' | 'trunk-b' | 'trunk-cc'
  readonly to: string
  readonly talk: number
}

export type CalledPort = 'phone101' | 'phone102' | 'phone103' | 'phone104' | 'trunkA' | 'trunkCc'

/** A running sipp. `done` resolves when it has played its part, and rejects with its output when it has not. */
export interface Player {
  readonly done: Promise<void>
  readonly kill: () => boolean
}

/** All phones of one test file. It gives each sipp ports and files of its own, and ends those that are still playing. */
export class Stage {
  // sipp must not be given a port on which a former call may still be retransmitted to
  #callers = 0
  #serial = 0
  readonly #players: Player[] = []

  /** Starts a phone that will be called `calls` times; resolves once it listens. */
  async callee(port: CalledPort, what: Callee, calls = 1): Promise<Player> {
    const values = what.does === 'answers' ? { ...what, ...voice(what) } : { contact: 'sip:none', ...what }
    const player = this.#start({
      scenario: `callee-${what.does}`,
      values,
      port: PORTS[port],
      calls,
      options: GOES_ON,
    })
    await Promise.race([untilListening(PORTS[port]), player.done])
    return player
  }

  /** Makes the calls, in order, `rate` of them a second; all of them may overlap. */
  callers(calls: readonly Outgoing[], rate = 10, speaking: Speaking = {}): Player {
    const options = ['-inf', this.#injected(calls), '-r', String(rate), '-l', String(calls.length)]
    const values = voice(speaking)
    return this.#start({ scenario: 'caller', values, port: this.#callerPort(), calls: calls.length, options })
  }

  /** Makes one call and gives it up after `talk` ms of ringing. */
  callerGivesUp(call: Outgoing): Player {
    const options = ['-inf', this.#injected([call])]
    return this.#start({ scenario: 'caller-gives-up', values: {}, port: this.#callerPort(), calls: 1, options })
  }

  /** Ends every sipp that still runs. */
  clear(): void {
    for (const player of this.#players.splice(0)) {
      player.kill()
    }
  }

  #callerPort(): number {
    return PORTS.firstCaller + (this.#callers++ % (PORTS.lastCaller - PORTS.firstCaller + 1))
  }

  #injected(calls: readonly Outgoing[]): string {
    const lines = calls.map((call) => [call.to, call.talk, fromHeader(call.from), trunkHeader(call.from), ''].join(';'))
    const file = join(PLACE.run, `sipp-${this.#serial}.csv`)
    writeFileSync(file, ['SEQUENTIAL', ...lines, ''].join('\n'))
    return file
  }

  #start(part: Part): Player {
    const number = this.#serial++
    const errors = join(PLACE.run, `sipp-${number}.err`)
    const script = join(PLACE.run, `sipp-${number}.xml`)
    writeFileSync(errors, '')
    writeFileSync(script, filled(readFileSync(join(SCENARIOS, `${part.scenario}.xml`), 'utf8'), part.values))
    const media = PORTS.firstMedia + (number % 500) * MEDIA_STEP
    const argv = [
      ...['-sf', script, `127.0.0.1:${PORTS.sip}`, '-i', '127.0.0.1'],
      ...['-p', String(part.port), '-mi', '127.0.0.1', '-mp', String(media), '-m', String(part.calls)],
      ...['-nostdin', '-trace_err', '-error_file', errors, ...part.options],
    ]
    const child = spawn('sipp', argv, { cwd: PLACE.run, stdio: 'ignore' })
    const done = ending(child, `${part.scenario} on port ${part.port}`, errors)
    done.catch(() => undefined) // reported by the code that awaits it
    const player = { done, kill: () => child.kill('SIGKILL') }
    this.#players.push(player)
    return player
  }
}

interface Part {
  readonly scenario: string
  /** The values of the double braces in the scenario. */
  readonly values: Readonly<Record<string, string | number>>
  readonly port: number
  readonly calls: number
  readonly options: readonly string[]
}

/** What a scenario has in place of its braces, so that sipp sends RTP, and stops. */
function voice({ speaks }: Speaking): Readonly<Record<'audioPort' | 'speaking', string>> {
  if (speaks === undefined) {
    return { audioPort: '[media_port]', speaking: '' }
  }
  const sound = join(PLACE.run, 'sound.ulaw')
  // Written again, it would be empty for a moment, in which another sipp may read it.
  if (!existsSync(sound)) {
    writeFileSync(sound, Buffer.alloc(SOUND_BYTES, SILENCE))
  }
  const command = (rtp: string) => `<nop><action><exec rtp_stream="${rtp}"/></action></nop>`
  const stop = speaks === 'always' ? '' : `<pause milliseconds="${speaks}"/>${command('pause')}`
  return { audioPort: '[rtpstream_audio_port]', speaking: `${command(`${sound},-1,0`)}${stop}` }
}

function fromHeader(from: Outgoing['from']): string {
  return from.startsWith('trunk') ? '"Outside" <sip:0401112223@127.0.0.1>' : `"Phone ${from}" <sip:${from}@127.0.0.1>`
}

function trunkHeader(from: Outgoing['from']): string {
  return from.startsWith('trunk') ? from : 'none'
}

async function ending(child: ChildProcess, name: string, errors: string): Promise<void> {
  const code = await new Promise<number | string>((resolve, reject) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000)
    child.once('error', reject)
    child.once('exit', (status, signal) => {
      clearTimeout(deadline)
      resolve(status ?? signal ?? 'nothing')
    })
  })
  if (code === 0) {
    return
  }
  const said = readFileSync(errors, 'utf8').trim().split('\n').slice(0, 6).join('\n')
  throw new Error(`sipp ${name} ended with ${code}: ${said || 'it wrote nothing'}`)
}

async function untilListening(port: number): Promise<void> {
  const mark = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (let i = 0; i < 100; i++) {
    if (readFileSync('/proc/net/udp', 'utf8').includes(mark)) {
      return
    }
    await sleep(20)
  }
  throw new Error(`sipp does not listen on port ${port}.`)
}
