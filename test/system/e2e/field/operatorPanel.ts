// What an operator's panel does over AMI with a live call: find its channel, and redirect it.

import { ami } from '../lab/ami.ts'
import { ari } from '../lab/asterisk.ts'

interface LiveChannel {
  readonly name: string
  readonly caller: { readonly number: string }
}

/** The name of the channel of that phone, or of that outside caller. */
export async function channelOf(number: string): Promise<string> {
  const channels = (await ari('/channels')) as LiveChannel[]
  const isOutside = ({ name, caller }: LiveChannel): boolean =>
    name.startsWith('PJSIP/trunk-b-') && caller.number === number
  const own = channels.find((channel) => channel.name.startsWith(`PJSIP/${number}-`) || isOutside(channel))
  if (own === undefined) {
    throw new Error(`${number} has no channel.`)
  }
  return own.name
}

/** Sends that phone or outside caller to an extension. */
export async function redirect(number: string, exten: string): Promise<void> {
  await ami({ Action: 'Redirect', Channel: await channelOf(number), Context: 'cast', Exten: exten, Priority: '1' })
}

/** Sends two at once, each to an extension. */
export async function redirectBoth(
  [number, exten]: readonly [string, string],
  [other, otherExten]: readonly [string, string],
): Promise<void> {
  const first = { Channel: await channelOf(number), Context: 'cast', Exten: exten, Priority: '1' }
  const second = {
    ExtraChannel: await channelOf(other),
    ExtraContext: 'cast',
    ExtraExten: otherExten,
    ExtraPriority: '1',
  }
  await ami({ Action: 'Redirect', ...first, ...second })
}
