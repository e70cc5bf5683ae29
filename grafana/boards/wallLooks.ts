// Sizes and units that the tiles of the wallboard share.
//
// Pixels are those of a screen of 1920 by 1080; larger values do not fit a width of 1366 pixels.

import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'

/** Pixels of names and values, for the main tiles. */
export const LARGE = { title: 34, value: 110 }

/** The same for the others. */
export const SMALL = { title: 22, value: 40 }

/** A duration, which is 0 while nobody waits. */
export const DURATION: readonly DynamicConfigValue[] = [
  { id: 'unit', value: 'dthms' },
  { id: 'mappings', value: [{ type: 'value', options: { 0: { text: '0 s' } } }] },
]
