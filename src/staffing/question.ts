// What the PBX can be asked about the members of queues, and what it answers.
//
// No event tells who is a member of a queue, who is paused and who is in wrap-up: it has to be asked.
// Source: Asterisk's functions QUEUE_EXISTS, QUEUE_MEMBER and QUEUE_MEMBER_LIST, which any live channel evaluates; the device states
// `Queue:<queue>_pause_<member>` and `Queue:<queue>_avail`, which need no channel. Asterisk keeps the former after a member has left.

export type StaffingQuestion =
  /** Who the members are and how many are free; of `members`, who is paused. `channelId`: a live channel, whoever it belongs to. */
  | {
      readonly about: 'queue'
      readonly queue: string
      readonly members: readonly string[]
      readonly channelId: string
    }
  /** Whether an interface (`PJSIP/102`) can be a member, and is paused; to be asked while there is no channel. */
  | { readonly about: 'member'; readonly queue: string; readonly member: string }
  /** Whether anybody became available in a queue that has no members; to be asked while there is no channel. */
  | { readonly about: 'available'; readonly queue: string }

export type StaffingAnswer =
  | {
      readonly about: 'queue'
      /** False: Asterisk knows no queue of this name; everything else is empty then. */
      readonly exists: boolean
      /** Interfaces, as in the configuration of the queue. */
      readonly members: readonly string[]
      /** Those of the members asked about who are paused. */
      readonly paused: readonly string[]
      /** Members who are not paused and whose device is idle, those in wrap-up included. */
      readonly free: number
      /** Those of them who are not in wrap-up. */
      readonly ready: number
    }
  /** `active`: not paused; a member that has left remains so. `no_member`: it never was one since Asterisk started. */
  | { readonly about: 'member'; readonly state: 'active' | 'paused' | 'no_member' }
  /** `none`: all members are busy, paused or unreachable, or there are none; right after a start of Asterisk also if somebody is available. */
  | { readonly about: 'available'; readonly state: 'some' | 'none' | 'no_queue' }

/** Why there is no answer: the channel of the question does not exist any more, the PBX refused, or nothing came in time. */
export type StaffingFailure = 'gone' | 'refused' | 'no_answer'
