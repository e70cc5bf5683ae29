// A picture of the screen in a palette of 256 colours: a quarter of the bytes, which a repository keeps for good.
//
// The package is the preview's own (package.json here) and may not be there: it is looked for when a picture is taken.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const fromPreview = createRequire(join(import.meta.dirname, 'package.json'))

/** What is used of sharp. */
type Sharp = (picture: Buffer) => {
  png(options: {
    readonly palette: boolean
    readonly quality: number
    readonly dither: number
    readonly effort: number
    readonly compressionLevel: number
  }): { toBuffer(): Promise<Buffer> }
}

/** The same picture with at most 256 colours, as a PNG. */
export function smallPng(picture: Buffer): Promise<Buffer> {
  const sharp: Sharp = fromPreview('sharp')
  // Not dithered: plain grounds stay plain, and small.
  return sharp(picture).png({ palette: true, quality: 95, dither: 0, effort: 10, compressionLevel: 9 }).toBuffer()
}
