// The questions to the JSON API. The only file that fetches.
//
// A refusal is a value with the server's own words; nothing is asked twice by itself. Answers are typed as the API
// documents them (openapi.json).

import type { CallDetail, CallPage, OperatorEntry, Stats } from '../../../query/schema.ts'

export type Answer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  /** The server said no, and why. */
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  /** It did not say anything. */
  | { readonly kind: 'silent' }
  /** Another question took this one's place. */
  | { readonly kind: 'cancelled' }

export interface Api {
  calls(query: URLSearchParams, signal?: AbortSignal): Promise<Answer<CallPage>>
  /** By its row, or by the id of its channel. */
  story(id: string): Promise<Answer<CallDetail>>
  operators(query: URLSearchParams): Promise<Answer<{ readonly operators: readonly OperatorEntry[] }>>
  stats(query: URLSearchParams): Promise<Answer<Stats>>
}

export function createApi(): Api {
  return {
    calls: (query, signal) => ask(`calls?${query}`, signal),
    story: (id) => ask(`calls/${encodeURIComponent(id)}`),
    operators: (query) => ask(`operators?${query}`),
    stats: (query) => ask(`stats?${query}`),
  }
}

/** Where the calls of a question can be had as CSV. */
export function csvAddress(query: URLSearchParams): string {
  const csv = new URLSearchParams(query)
  csv.set('format', 'csv')
  return `api/calls?${csv}`
}

async function ask<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(`api/${path}`, {
      headers: { Accept: 'application/json' },
      ...(signal !== undefined && { signal }),
    })
    if (response.ok) {
      return { kind: 'answer', value: await response.json() }
    }
    return { kind: 'refused', status: response.status, why: whyOf(await response.text()) }
  } catch {
    return signal?.aborted ? { kind: 'cancelled' } : { kind: 'silent' }
  }
}

// `{"problems": […]}` of the API, or the plain text of the server.
function whyOf(body: string): string {
  const problems = body.startsWith('{') ? problemsOf(body) : [body]
  return problems.join('; ').replace(/\s+/g, ' ').trim().slice(0, 300)
}

function problemsOf(body: string): readonly string[] {
  try {
    const { problems }: { problems?: readonly string[] } = JSON.parse(body)
    return problems ?? []
  } catch {
    return [body]
  }
}
