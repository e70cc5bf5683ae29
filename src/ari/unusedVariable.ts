// Recognizes the frames that set a channel variable that the program does not use, by their first bytes.
//
// Two of three frames of a real call are such frames, and parsing them costs more than everything else that is done with them.
// Source: `channel_blob_to_json` in Asterisk's main/stasis_channels.c writes the variable's name and value first, then the type, the
// timestamp and the channel; so does all recorded traffic of Asterisk 16 and 22 (test/traces).

import { isCallVariable } from './decode.ts'

const NAME_PREFIX = Buffer.from('{"variable":"')
const VALUE_PREFIX = Buffer.from('","value":"')
const AFTER_VALUE = Buffer.from('","type":"ChannelVarset","timestamp":"')
const QUOTE = 0x22
const BACKSLASH = 0x5c
const CLOSING_BRACE = 0x7d

/** Longer frames are left to the parser, which bounds them. */
const MAX_BYTES = 64 * 1024

/**
 * Whether a frame is a `ChannelVarset` of a variable that `decodeFrame` ignores. False for everything that does not have exactly the
 * form in which Asterisk writes it; the part after the type is not examined.
 */
export function isUnusedVariable(frame: Buffer): boolean {
  const { length } = frame
  if (length > MAX_BYTES || frame[length - 1] !== CLOSING_BRACE || !hasAt(frame, 0, NAME_PREFIX)) {
    return false
  }
  const nameEnd = frame.indexOf(QUOTE, NAME_PREFIX.length)
  if (nameEnd < 0 || !hasAt(frame, nameEnd, VALUE_PREFIX)) {
    return false
  }
  const name = frame.toString('latin1', NAME_PREFIX.length, nameEnd)
  return !name.includes('\\') && !isCallVariable(name) && isVarset(frame, nameEnd + VALUE_PREFIX.length)
}

function isVarset(frame: Buffer, valueStart: number): boolean {
  const valueEnd = endOfString(frame, valueStart)
  return valueEnd >= 0 && hasAt(frame, valueEnd, AFTER_VALUE)
}

// The position of the quotation mark that ends the string, or -1.
function endOfString(frame: Buffer, start: number): number {
  for (let end = frame.indexOf(QUOTE, start); end >= 0; end = frame.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (frame[end - 1 - backslashes] === BACKSLASH) {
      backslashes += 1
    }
    if (backslashes % 2 === 0) {
      return end
    }
  }
  return -1
}

/** Whether these bytes are at this position of the frame. */
export function hasAt(frame: Buffer, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index += 1) {
    if (frame[at + index] !== expected[index]) {
      return false
    }
  }
  return true
}
