// Pictures with a palette of 256 colours, which need a quarter of the bytes.
//
// The package belongs to the preview (package.json here) and may not be installed; it is loaded with the first picture.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const fromPreview = createRequire(join(import.meta.dirname, 'package.json'))

/** The used part of sharp. */
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
  // Without dithering, plain areas stay plain.
  return sharp(picture).png({ palette: true, quality: 95, dither: 0, effort: 10, compressionLevel: 9 }).toBuffer()
}
