// Who dialed a channel in a snapshot, inferred from the targets of the callers' applications and from the callers' numbers.
//
// Callers are indexed by everything that a dialed channel can show of them, so that the cost does not grow with the square of the
// ringing calls. Never guesses: if two channels can have dialed, neither is taken. Source: the arguments of Dial; a dialed channel is
// connected with the number of its caller.

import { dialedNames } from '../asterisk/channelName.ts'
import type { Channel } from '../model/channel.ts'

export interface Dialers {
  /** The only channel that can have dialed `peer`; null when there is none, or more than one. */
  of(peer: Channel): Channel | null
}

/** Indexes the channels that dial. */
export function findDialers(channels: Iterable<Channel>): Dialers {
  const steps = indexDialers(channels)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) {
      return value
    }
  }
}

/** The same in steps, a channel each. */
export function* indexDialers(channels: Iterable<Channel>): Generator<void, Dialers> {
  const byKey = new Map<string, Channel[]>()
  for (const channel of [...channels].sort(byAge)) {
    for (const key of keysOf(channel)) {
      const found = byKey.get(key)
      if (found === undefined) {
        byKey.set(key, [channel])
      } else {
        found.push(channel)
      }
    }
    yield
  }

  const candidates = (peer: Channel, keys: readonly string[]): readonly Channel[] =>
    keys.flatMap((key) => firstTwo(byKey, key, peer))

  return {
    of(peer) {
      // If two callers dial this phone, take the one whose number it shows; if that does not decide it, none: a guess could merge two
      // calls into one.
      const shown = candidates(peer, shownKeys(peer))
      const [dialer, another] = shown.length > 0 ? shown : candidates(peer, anyKeys(peer))
      return another === undefined ? (dialer ?? null) : null
    },
  }
}

// A channel in a bridge with others has been answered by somebody else, and that does not change while the snapshot is applied.
function firstTwo(byKey: Map<string, Channel[]>, key: string, peer: Channel): readonly Channel[] {
  const found: Channel[] = []
  let engaged = 0
  for (const one of byKey.get(key) ?? []) {
    if (found.length === 2 || one.createdAt > peer.createdAt) {
      break
    }
    if (isConnected(one)) {
      engaged += 1
    } else if (one !== peer) {
      found.push(one)
    }
  }
  if (engaged > 0) {
    byKey.set(
      key,
      (byKey.get(key) ?? []).filter((one) => !isConnected(one)),
    )
  }
  return found
}

function keysOf({ snapshot: { app, appData, callerNumber } }: Channel): readonly string[] {
  if (app === 'Queue') {
    return [`queue ${callerNumber}`]
  }
  if (app !== 'Dial') {
    return []
  }
  return dialedNames(appData).flatMap((name) => [
    `dial ${name}`,
    `dial ${name} ${callerNumber}`,
    ...(isScreening(appData) ? [`screened ${name} ${callerNumber}`] : []),
  ])
}

function shownKeys(peer: Channel): readonly string[] {
  const { app, connectedNumber } = peer.snapshot
  switch (app) {
    case '':
      return []
    case 'AppDial':
      return [`dial ${nameOf(peer)} ${connectedNumber}`]
    case 'AppQueue':
      return [`queue ${connectedNumber}`, `screened ${nameOf(peer)} ${connectedNumber}`]
    default:
      return [`screened ${nameOf(peer)} ${connectedNumber}`]
  }
}

function anyKeys(peer: Channel): readonly string[] {
  return peer.snapshot.app === 'AppDial' ? [`dial ${nameOf(peer)}`] : []
}

function nameOf({ name: { technology, endpoint } }: Channel): string {
  return `${technology}/${endpoint}`
}

// Dial's U() and M() send the answered channel through a routine of the dialplan first.
function isScreening(dialArguments: string): boolean {
  return /[UM]\(/.test(dialArguments)
}

function isConnected({ bridge }: Channel): boolean {
  return bridge !== null && (bridge.kind !== 'talk' || bridge.members.size > 1)
}

function byAge(one: Channel, other: Channel): number {
  return one.createdAt - other.createdAt
}
