// A picture of the screen in a palette of 256 colours: a quarter of the bytes, which a repository keeps for good.
//
// Reads and writes only what Chromium and this file write: 8 bits, not interlaced. Source: the PNG specification; colours by
// median cut.

import { crc32, deflateSync, inflateSync } from 'node:zlib'

interface Pixels {
  readonly width: number
  readonly height: number
  /** 0xRRGGBB, row by row. */
  readonly colors: Uint32Array
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The same picture with at most 256 colours. */
export function smallPng(png: Buffer): Buffer {
  return encode(decode(png))
}

function decode(png: Buffer): Pixels {
  const data: Buffer[] = []
  let [width, height, channels] = [0, 0, 3]
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 8, at + 8 + length)
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'IHDR') {
      width = body.readUInt32BE(0)
      height = body.readUInt32BE(4)
      channels = body[9] === 6 ? 4 : 3
    }
    if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), { stride: width * channels, channels })
  const colors = new Uint32Array(width * height)
  for (let pixel = 0; pixel < colors.length; pixel += 1) colors[pixel] = bytes.readUIntBE(pixel * channels, 3)
  return { width, height, colors }
}

interface Lines {
  /** Bytes of a line without the one that names its filter. */
  readonly stride: number
  readonly channels: number
}

function unfiltered(filtered: Buffer, { stride, channels }: Lines): Buffer {
  const lines = filtered.length / (stride + 1)
  const bytes = Buffer.alloc(lines * stride)
  const byte = (line: number, x: number) => (line < 0 || x < 0 ? 0 : (bytes[line * stride + x] ?? 0))
  for (let line = 0; line < lines; line += 1) {
    const filter = filtered[line * (stride + 1)] ?? 0
    for (let x = 0; x < stride; x += 1) {
      const guess = guessed(filter, byte(line, x - channels), byte(line - 1, x), byte(line - 1, x - channels))
      bytes[line * stride + x] = ((filtered[line * (stride + 1) + 1 + x] ?? 0) + guess) & 0xff
    }
  }
  return bytes
}

// What the five filters of a line guess of a byte from its neighbours.
function guessed(filter: number, ...[left, up, corner]: readonly [number, number, number]): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function encode({ width, height, colors }: Pixels): Buffer {
  const { palette, indexOf } = paletteOf(colors)
  const lines = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = indexOf.get(colors[y * width + x] ?? 0) ?? 0
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits, colours of a palette.
  head.set([8, 3, 0, 0, 0], 8)
  const table = Buffer.alloc(palette.length * 3)
  palette.forEach((color, index) => {
    table.writeUIntBE(color, index * 3, 3)
  })
  const chunks = [
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([SIGNATURE, ...chunks])
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** A colour and on how many pixels it is. */
type Used = readonly [color: number, count: number]

interface Palette {
  readonly palette: readonly number[]
  readonly indexOf: ReadonlyMap<number, number>
}

function paletteOf(colors: Uint32Array): Palette {
  const counts = new Map<number, number>()
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1)
  const boxes: (readonly Used[])[] = [[...counts]]
  while (boxes.length < 256) {
    const widest = boxes.map(widthOf).reduce((best, width, index, all) => (width > (all[best] ?? 0) ? index : best), 0)
    const box = boxes[widest] ?? []
    if (box.length < 2) break
    boxes.splice(widest, 1, ...halves(box))
  }
  const indexOf = new Map(boxes.flatMap((box, index) => box.map(([color]) => [color, index] as const)))
  return { palette: boxes.map(meanOf), indexOf }
}

const SHIFTS: readonly number[] = [16, 8, 0]

const rangeOn = (box: readonly Used[], shift: number): number => {
  let [least, most] = [255, 0]
  for (const [color] of box) {
    const value = (color >> shift) & 0xff
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return most - least
}

// A box of many pixels is divided before one that is as wide and has few.
function widthOf(box: readonly Used[]): number {
  const pixels = box.reduce((sum, [, count]) => sum + count, 0)
  return Math.max(...SHIFTS.map((shift) => rangeOn(box, shift))) * Math.log2(1 + pixels)
}

function halves(box: readonly Used[]): readonly (readonly Used[])[] {
  const shift = SHIFTS.reduce((best, each) => (rangeOn(box, each) > rangeOn(box, best) ? each : best), 16)
  const sorted = box.toSorted(([one], [other]) => ((one >> shift) & 0xff) - ((other >> shift) & 0xff))
  const middle = sorted.length >> 1
  return [sorted.slice(0, middle), sorted.slice(middle)]
}

function meanOf(box: readonly Used[]): number {
  const pixels = box.reduce((sum, [, count]) => sum + count, 0)
  return SHIFTS.reduce((color, shift) => {
    const sum = box.reduce((total, [each, count]) => total + ((each >> shift) & 0xff) * count, 0)
    return color | (Math.round(sum / pixels) << shift)
  }, 0)
}
