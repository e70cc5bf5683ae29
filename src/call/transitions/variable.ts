// What the channel variables of a call say: each of `CALL_VARIABLES` in ../event.ts.
//
// A masquerade sets the variables of a channel again on another, so a value that comes twice changes nothing.

import { parseRtpStats } from '../asterisk/rtpStats.ts'
import type { PbxEvent } from '../event.ts'
import { currentQueueWait } from '../model/call.ts'
import { find, type PbxState } from '../model/pbxState.ts'
import { onAvailability, onDeviceState, onDialStatus } from './application.ts'
import { onQueueEntered, onQueueStatus } from './queue.ts'

type VariableSet = Extract<PbxEvent, { type: 'VariableSet' }>

/** A channel variable was set. */
export function onVariableSet(pbx: PbxState, { at, channel: snapshot, variable, value }: VariableSet): void {
  const channel = find(pbx, snapshot)
  if (channel === null) {
    return
  }
  const { call } = channel
  switch (variable) {
    // The queue no longer holds the caller; QUEUESTATUS may follow and say why.
    case 'ABANDONED': {
      const wait = currentQueueWait(call)
      if (wait?.channelId === channel.id) {
        wait.abandonedAt ??= at
      }
      break
    }
    // Set on both channels of the call that will be transferred, before anyone moves.
    case 'ATTENDEDTRANSFER': {
      call.attendedTransferPending = true
      break
    }
    case 'AVAILORIGCHAN': {
      onAvailability(channel, value)
      break
    }
    case 'AVAILSTATUS': {
      onDeviceState(channel, value)
      break
    }
    case 'DIALSTATUS': {
      onDialStatus(pbx, channel, { status: value, at })
      break
    }
    // MixMonitor begins. A call has one recording, the first: the variable is set again by every further one.
    case 'MIXMONITOR_FILENAME': {
      call.recording ??= value || null
      break
    }
    // Queue clears it when a caller enters: the only sign of an entry after a redirect into the queue that the channel was in.
    case 'QUEUEWAIT': {
      if (value === '' && snapshot.app === 'Queue') {
        onQueueEntered(channel, at, { certain: true })
      }
      break
    }
    case 'QUEUESTATUS': {
      onQueueStatus(call, value, at)
      break
    }
    case 'RTPAUDIOQOS': {
      channel.quality ??= parseRtpStats(value)
      break
    }
  }
  pbx.changedCalls.add(call)
}
