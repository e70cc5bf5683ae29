// Reads the messages of an exporter's live socket (http/live/message.ts).
//
// Fields and types of messages that are not known here come from a newer exporter and are left out. A message without a field that is
// needed here comes from an older one, or from another program: it is refused.

import { z } from 'zod'
import { LIVE_CHANGES } from '../http/live/message.ts'
import { ACTIVE_CALL, CALL_ENTRY, MISSED_CALLER } from '../query/schema.ts'

const text = z.string()
const instant = z.iso.datetime()
const seq = z.int().nonnegative()

const PBX = z.object({
  site: text.min(1),
  log_id: text.min(1),
  in_sync: z.boolean(),
  since: instant.nullable(),
  problem: text.nullable(),
  asterisk: z.object({ version: text, entity_id: text, start_time: instant }).nullable(),
})

const FIGURES = z.object({ calls_active: z.int().nonnegative() })

/** Exporters before 1.0.0 do not send `queue_time`. */
const CALL = z.object({ ...ACTIVE_CALL.shape, queue_time: ACTIVE_CALL.shape.queue_time.default(null) })
const { tried: _, ...listed } = CALL_ENTRY.shape
const ENDED = z.object({ ...listed, id: z.int().nullable() })
const CALLER = z.object(MISSED_CALLER.shape)

const CALLS = { calls: z.array(CALL), more: z.boolean() }

const MESSAGES = {
  snapshot: z.object({ type: z.literal('snapshot'), epoch: text, seq, pbx: PBX, figures: FIGURES, ...CALLS }),
  calls: z.object({ type: z.literal('calls'), ...CALLS }),
  resumed: z.object({ type: z.literal('resumed') }),
  call: z.object({ type: z.literal('call'), seq, change: z.enum(LIVE_CHANGES).catch('changed'), call: CALL }),
  ended: z.object({ type: z.literal('ended'), seq, call: ENDED }),
  missed_caller: z.object({
    type: z.literal('missed_caller'),
    seq,
    change: z.enum(['opened', 'changed', 'closed']),
    caller: CALLER,
  }),
  pbx: z.object({ type: z.literal('pbx'), seq, pbx: PBX }),
  figures: z.object({ type: z.literal('figures'), figures: FIGURES }),
} as const

type Known = { readonly [Type in keyof typeof MESSAGES]: z.output<(typeof MESSAGES)[Type]> }[keyof typeof MESSAGES]

/** A message that is not used here, of which only the number counts. */
interface Unused {
  readonly type: 'unused'
  readonly seq?: number | undefined
}

export type NodeMessage = Known | Unused

/** The connection of a node to its Asterisk. */
export type NodePbx = z.output<typeof PBX>

export type NodeCall = z.output<typeof CALL>
export type NodeEndedCall = z.output<typeof ENDED>
export type NodeCaller = z.output<typeof CALLER>

const ANY = z.object({ type: text, seq: seq.optional() })

/** The message of a text; null if it is none. */
export function readNodeMessage(received: string): NodeMessage | null {
  const json = parsed(received)
  const any = ANY.safeParse(json)
  if (!any.success) {
    return null
  }
  const { type } = any.data
  if (!isKnown(type)) {
    return { type: 'unused', seq: any.data.seq }
  }
  const message = MESSAGES[type].safeParse(json)
  return message.success ? message.data : null
}

function isKnown(type: string): type is keyof typeof MESSAGES {
  return Object.hasOwn(MESSAGES, type)
}

function parsed(received: string): unknown {
  try {
    return JSON.parse(received)
  } catch {
    return null
  }
}
