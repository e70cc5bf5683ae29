// The manifest of the page, by which a browser installs it like a program, and a phone puts it on its home screen.
//
// Addresses are relative, so that a proxy can serve the page below any path.

import type { ClientIcon } from './clientFiles.ts'

export const MANIFEST = 'manifest.webmanifest'

/** The manifest as JSON. The colours are those of the style in the light. */
export function renderManifest(name: string, icons: readonly ClientIcon[]): string {
  return JSON.stringify({
    name,
    short_name: 'Calls',
    start_url: './',
    scope: './',
    id: './',
    display: 'standalone',
    background_color: '#f4f6f8',
    theme_color: '#f4f6f8',
    icons: icons.flatMap(({ name: file, sizes, mediaType: type }) =>
      // The drawing is in the middle of a plain square, so that a system may cut it to its own shape.
      ['any', 'maskable'].map((purpose) => ({ src: `client/${file}`, sizes, type, purpose })),
    ),
  })
}
