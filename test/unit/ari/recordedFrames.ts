// The frames of the recordings in test/traces, as text.

import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Before the frame in a line; a brace follows the frame. */
const RAW = ',"raw":'

const FOLDER = new URL('../../traces/', import.meta.url)

/** The recordings of all folders, by their path. */
export const recordingNames: readonly string[] = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ndjson(\.gz)?$/.test(name))
  .sort()

/** The frames of a recording, as Asterisk sent them. */
export function recordedFrames(name: string): readonly string[] {
  const bytes = readFileSync(new URL(name, FOLDER))
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(line.indexOf(RAW) + RAW.length, -1)]))
}
