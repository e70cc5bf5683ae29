// The RTP statistics that Asterisk sets in channel variables when a leg ends.
//
// As in Asterisk, figures of a leg shorter than an RTCP interval (5 s) are zero, and the names of jitter and MES are swapped
// (`txjitter` is measured on the received stream). Source: recorded traffic.

import type { SimChannel } from '../asterisk/channel.ts'
import { packetsOf, RTCP_INTERVAL_MS, type Trouble, troubleOf } from '../asterisk/media.ts'
import type { World } from '../asterisk/world.ts'
import { setVariable } from './channel.ts'

const PERFECT_MES = 88.087887

/** Sets the five variables of a leg that had media for `mediaMs`; a `bridged` peer gets a copy of each. */
export function reportQuality(world: World, channel: SimChannel, mediaMs: number, bridged?: SimChannel): void {
  for (const [name, value] of statistics(world, mediaMs, troubleOf(world.voiceTrouble, channel))) {
    setVariable(world, channel, [name, value])
    if (bridged !== undefined) {
      setVariable(world, bridged, [`${name}BRIDGED`, value])
    }
  }
}

function statistics(world: World, mediaMs: number, trouble: Trouble | null): readonly (readonly [string, string])[] {
  const { random } = world
  const { sent: packets, ...troubled } = packetsOf(mediaMs, trouble)
  const jitter = random.chance(0.05) ? random.skewed(0.02, 0.4) : random.whole(1, 6) / 8000
  const measured = mediaMs >= RTCP_INTERVAL_MS
  const drawnLost = measured && random.chance(0.1) ? Math.floor(packets * Math.min(0.2, random.skewed(0.01, 1))) : 0
  const lost = trouble === null ? drawnLost : troubled.lost
  const received = trouble === null ? packets - lost : troubled.received
  const mes = measured ? PERFECT_MES - (lost / Math.max(packets, 1)) * 350 : 0
  return [
    [
      'RTPAUDIOQOS',
      `ssrc=${random.whole(1, 2147483647)};themssrc=${random.whole(1, 2147483647)};lp=${lost};rxjitter=0.000000;` +
        `rxcount=${received};txjitter=${jitter.toFixed(6)};txcount=${packets};rlp=0;rtt=0.000000;` +
        `rxmes=0.000000;txmes=${mes.toFixed(6)}`,
    ],
    ['RTPAUDIOQOSJITTER', spread('jitter', '', jitter)],
    ['RTPAUDIOQOSLOSS', spread('lost', '  ', lost)],
    [
      'RTPAUDIOQOSRTT',
      '     minrtt=000.000000;     maxrtt=000.000000;     avgrtt=000.000000;     stdevrtt=000.000000;',
    ],
    ['RTPAUDIOQOSMES', spread('mes', '   ', mes)],
  ]
}

function spread(what: string, indent: string, value: number): string {
  const padded = value.toFixed(6).padStart(10, '0')
  const received = ['min', 'max', 'avg'].map((kind) => `${indent}${kind}rx${what}=${padded};`).join('')
  const zero = '000.000000'
  const sent = ['min', 'max', 'avg', 'stdev'].map((kind) => `${indent}${kind}tx${what}=${zero};`).join('')
  return `${received}${indent}stdevrx${what}=${zero};${sent}`
}
