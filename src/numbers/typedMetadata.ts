// Loads the metadata of libphonenumber-js that knows the types of numbers: 157 KB, which a PBX without outbound calls does not need.

import { createRequire } from 'node:module'
import type { MetadataJson } from 'libphonenumber-js/core'

/** Takes about ten milliseconds the first time. */
export function loadTypedMetadata(): MetadataJson {
  const metadata: MetadataJson = createRequire(import.meta.url)('libphonenumber-js/max/metadata')
  return metadata
}
