// What the PBX can be asked about the members of queues, and what it answers.
//
// No event tells who is a member of a queue, who is paused and who is in wrap-up: it has to be asked.
// Source: Asterisk's functions QUEUE_MEMBER and QUEUE_MEMBER_LIST, which any live channel evaluates; the device state
// `Queue:<queue>_pause_<member>`, which needs no channel.

export type StaffingQuestion =
  /** Who the members are and how many are free; of `members`, who is paused. `channelId`: a live channel, whoever it belongs to. */
  | {
      readonly about: 'queue'
      readonly queue: string
      readonly members: readonly string[]
      readonly channelId: string
    }
  /** Whether an interface (`PJSIP/102`) is a member, and paused; to be asked while there is no channel. */
  | { readonly about: 'member'; readonly queue: string; readonly member: string }

export type StaffingAnswer =
  | {
      readonly about: 'queue'
      /** Interfaces, as in the configuration of the queue. */
      readonly members: readonly string[]
      /** Those of the members asked about who are paused. */
      readonly paused: readonly string[]
      /** Members who are not paused and whose device is idle, those in wrap-up included. */
      readonly free: number
      /** Those of them who are not in wrap-up. */
      readonly ready: number
    }
  | { readonly about: 'member'; readonly state: 'active' | 'paused' | 'no_member' }
