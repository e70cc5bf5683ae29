// Frames as the bytes of a websocket, gathered into large pieces: sending them costs the sender almost nothing.
//
// Source: RFC 6455, 5.2; a server's frames are not masked.

/** Bytes of one piece; the next one is only sent when the other side has taken most of this. */
const PIECE_BYTES = 256 * 1024

const TEXT = 0x81

/** One text frame. */
export function textFrame(text: string): Buffer {
  const body = Buffer.from(text)
  if (body.length < 126) {
    return Buffer.concat([Buffer.from([TEXT, body.length]), body])
  }
  if (body.length > 0xffff) {
    throw new Error(`a frame of ${body.length} bytes is longer than any that is made here`)
  }
  const head = Buffer.from([TEXT, 126, 0, 0])
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

/** All frames in order, as pieces that end where a frame ends. */
export function wirePieces(frames: readonly string[]): readonly Buffer[] {
  const pieces: Buffer[] = []
  let gathered: Buffer[] = []
  let bytes = 0
  const close = (): void => {
    pieces.push(Buffer.concat(gathered))
    gathered = []
    bytes = 0
  }
  for (const text of frames) {
    const frame = textFrame(text)
    gathered.push(frame)
    bytes += frame.length
    if (bytes >= PIECE_BYTES) {
      close()
    }
  }
  if (bytes > 0) {
    close()
  }
  return pieces
}
