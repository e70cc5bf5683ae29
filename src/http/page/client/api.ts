// Requests to the JSON API. The only file that fetches.
//
// An error is a value with the server's message; nothing is retried. Results are typed as the API documents them
// (openapi.json).

import type { Agents } from '../../../query/agentSchema.ts'
import type { EndpointList } from '../../../query/endpointSchema.ts'
import type { Queues } from '../../../query/queueSchema.ts'
import type { Stats } from '../../../query/schema.ts'
import type { Trunks } from '../../../query/trunkSchema.ts'
import type { CallerPage, ListedCallPage, LoggedSite, Operator, Story } from './entries.ts'
import type { I18n } from './i18n.ts'
import type { Charted } from './series.ts'

export type ApiResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** The server answered with an error status. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** No answer. */
  | { readonly kind: 'unreachable' }
  /** A newer request replaced this one. */
  | { readonly kind: 'cancelled' }

export interface Api {
  calls(query: URLSearchParams, signal?: AbortSignal): Promise<ApiResult<ListedCallPage>>
  /** `id`: the row of the call, or the id of its channel. */
  call(id: string): Promise<ApiResult<Story>>
  missedCallers(query: URLSearchParams, signal?: AbortSignal): Promise<ApiResult<CallerPage>>
  agents(signal?: AbortSignal): Promise<ApiResult<Agents>>
  queues(query: URLSearchParams, signal?: AbortSignal): Promise<ApiResult<Queues>>
  operators(
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<ApiResult<{ readonly operators: readonly Operator[] }>>
  stats(query: URLSearchParams, signal?: AbortSignal): Promise<ApiResult<Stats>>
  series<Kind extends keyof Charted>(
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<ApiResult<{ readonly series: Charted[Kind] }>>
  trunks(signal?: AbortSignal): Promise<ApiResult<Trunks>>
  endpoints(signal?: AbortSignal): Promise<ApiResult<EndpointList>>
  /** Rings the phone `from`, then dials `to`; sent again with the same key it makes no other call. Only where control is on. */
  begin(
    call: { readonly from: string; readonly to: string },
    key: string,
  ): Promise<ApiResult<{ readonly channel_id: string }>>
  /** By the id of its channel. Only where control is on. */
  hangUp(channelId: string): Promise<ApiResult<null>>
  /** In a fleet only. */
  sites(): Promise<ApiResult<{ readonly sites: readonly LoggedSite[] }>>
}

export function createApi(): Api {
  return {
    calls: (query, signal) => get(`calls?${query}`, signal),
    call: (id) => get(`calls/${encodeURIComponent(id)}`),
    missedCallers: (query, signal) => get(`missed-callers?${query}`, signal),
    agents: (signal) => get('agents', signal),
    queues: (query, signal) => get(`queues?${query}`, signal),
    operators: (query, signal) => get(`operators?${query}`, signal),
    stats: (query, signal) => get(`stats?${query}`, signal),
    series: (query, signal) => get(`stats?${query}`, signal),
    trunks: (signal) => get('trunks', signal),
    endpoints: (signal) => get('endpoints', signal),
    sites: () => get('sites'),
    begin: (call, key) =>
      request('calls', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: JSON.stringify(call),
      }),
    hangUp: (channelId) => request(`calls/${encodeURIComponent(channelId)}`, { method: 'DELETE' }),
  }
}

/** The lists that can be downloaded. */
export type ListName = 'calls' | 'missed-callers'

/** Where the entries of a query can be downloaded as CSV, with instants of the browser's time zone. */
export function csvUrl(list: ListName, query: URLSearchParams): string {
  const withZone = new URLSearchParams(query)
  withZone.set('tz', Intl.DateTimeFormat().resolvedOptions().timeZone)
  return `api/${list}.csv?${withZone}`
}

/** The message to show for a failed request; empty if it did not fail. */
export function errorText(result: ApiResult<unknown>, { t }: I18n): string {
  if (result.kind === 'refused') {
    return t('error.refused', { reason: result.reason })
  }
  return result.kind === 'unreachable' ? t('error.network') : ''
}

function get<T>(path: string, signal?: AbortSignal): Promise<ApiResult<T>> {
  return request(path, { ...(signal !== undefined && { signal }) })
}

async function request<T>(path: string, { headers, ...init }: RequestInit): Promise<ApiResult<T>> {
  try {
    const response = await fetch(`api/${path}`, { ...init, headers: { Accept: 'application/json', ...headers } })
    if (response.ok) {
      return { kind: 'ok', value: response.status === 204 ? null : await response.json() }
    }
    return { kind: 'refused', status: response.status, reason: reasonOf(await response.text()) }
  } catch {
    return init.signal?.aborted ? { kind: 'cancelled' } : { kind: 'unreachable' }
  }
}

// The body is problem details from the API, or plain text from the server.
function reasonOf(body: string): string {
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
