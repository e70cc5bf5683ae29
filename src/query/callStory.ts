// One call with the addresses of its SIP traces and of its recording, by the templates of the configuration.
//
// Callers choose Call-IDs, and the names of recordings contain what callers send: a value fills a placeholder percent-encoded, and
// an address in which it would lead to another path is left out. The templates are checked when the configuration is read.

import type { CallDetail, CallStory } from './schema.ts'

/** `SIP_TRACE_URL` and `RECORDING_URL`; null if not set. */
export interface LinkTemplates {
  readonly sipTrace: string | null
  readonly recording: string | null
}

/** A call with its links. `Detail` has the fields of a detail, and perhaps others. */
export type StoryOf<Detail> = Omit<Detail, 'legs'> & Pick<CallStory, 'legs' | 'sip_trace_url' | 'recording_url'>

/** The call with its links. */
export function callStory<Detail extends Pick<CallDetail, 'recording' | 'sip_call_id' | 'start_time' | 'legs'>>(
  call: Detail,
  { sipTrace, recording }: LinkTemplates,
): StoryOf<Detail> {
  const path = call.recording ?? ''
  const file = path.slice(path.lastIndexOf('/') + 1)
  const { legs, ...rest } = call
  const sipTraceOf = ({ sip_call_id, start_time }: Dialog): string | null =>
    filled(sipTrace, { call_id: sip_call_id ?? '', start: start_time })
  return {
    ...rest,
    sip_trace_url: sipTraceOf(call),
    recording_url: filled(recording, { file, path, start: call.start_time }),
    legs: legs.map((leg) => ({ ...leg, sip_trace_url: sipTraceOf(leg) })),
  }
}

type Dialog = Pick<CallDetail, 'sip_call_id' | 'start_time'>

const PLACEHOLDER = /\{(\w+)\}/g

// Null without a template, and if one of its placeholders has no value.
function filled(template: string | null, values: Readonly<Record<string, string>>): string | null {
  const used = [...(template ?? '').matchAll(PLACEHOLDER)].map(([, name = '']) => values[name] ?? '')
  if (template === null || used.includes('')) {
    return null
  }
  const url = template.replace(PLACEHOLDER, (_, name: string) => encodeURIComponent(values[name]?.toWellFormed() ?? ''))
  return hasDots(url) ? null : (URL.parse(url)?.href ?? null)
}

// Whether a part of the path is a dot, which has no effect, or two, which remove the part before.
function hasDots(url: string): boolean {
  const [path = ''] = url.split(/[?#]/)
  return path.split(/[/\\]/).some((part) => part === '.' || part === '..')
}
