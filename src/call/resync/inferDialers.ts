// Who dialed a channel that a snapshot shows, concluded from what the callers' applications name and the numbers that they show.
//
// Callers are filed under all by which they could be looked for, so that a snapshot of many ringing calls costs no more for each of
// them. Never guesses: where two can have dialed, nobody has. Source: the arguments of Dial; a dialed channel is
// connected with the number of its caller.

import { dialedNames } from '../asterisk/channelName.ts'
import type { Channel } from '../model/channel.ts'

export interface Dialers {
  /** The only one who can have dialed it; null when there is none, or more than one. */
  of(peer: Channel): Channel | null
}

/** Files those of the channels that dial somebody. */
export function findDialers(channels: Iterable<Channel>): Dialers {
  const files = new Map<string, Channel[]>()
  for (const channel of [...channels].sort(byAge))
    for (const key of keysOf(channel)) {
      const file = files.get(key)
      if (file === undefined) files.set(key, [channel])
      else file.push(channel)
    }

  const able = (peer: Channel, keys: readonly string[]): readonly Channel[] =>
    keys.flatMap((key) => firstTwo(files, key, peer))

  return {
    of(peer) {
      // Two who dial one phone at a time are told apart by the number that it shows. A guess would make one call of two.
      const shown = able(peer, shownKeys(peer))
      const [dialer, another] = shown.length > 0 ? shown : able(peer, anyKeys(peer))
      return another === undefined ? (dialer ?? null) : null
    },
  }
}

// Whoever is in a bridge with others has been answered by somebody else, and stays so while the snapshot is taken in.
function firstTwo(files: Map<string, Channel[]>, key: string, peer: Channel): readonly Channel[] {
  const found: Channel[] = []
  let engaged = 0
  for (const one of files.get(key) ?? []) {
    if (found.length === 2 || one.createdAt > peer.createdAt) break
    if (isWithSomebody(one)) engaged += 1
    else if (one !== peer) found.push(one)
  }
  if (engaged > 0)
    files.set(
      key,
      (files.get(key) ?? []).filter((one) => !isWithSomebody(one)),
    )
  return found
}

function keysOf({ snapshot: { app, appData, callerNumber } }: Channel): readonly string[] {
  if (app === 'Queue') return [`queue ${callerNumber}`]
  if (app !== 'Dial') return []
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

// Dial's U() and M() send whoever picked up through a routine of the dialplan first.
function isScreening(dialArguments: string): boolean {
  return /[UM]\(/.test(dialArguments)
}

function isWithSomebody({ bridge }: Channel): boolean {
  return bridge !== null && (bridge.kind !== 'talk' || bridge.members.size > 1)
}

function byAge(one: Channel, other: Channel): number {
  return one.createdAt - other.createdAt
}
