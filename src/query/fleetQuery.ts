// The queries of a central call log: those of the call log of one exporter, for all sites or for some.
//
// Types only. The types of the results are in fleetSchema.ts.

import type {
  FleetCallDetail,
  FleetCallPage,
  FleetMissedCallerPage,
  FleetOperatorEntry,
  FleetStatsSeries,
  SiteEntry,
} from './fleetSchema.ts'
import type {
  BusiestHours,
  CallFilter,
  CallOrder,
  CallQueries,
  MissedCallerFilter,
  OfTotal,
  PageRequest,
  Period,
  TrunkHour,
} from './query.ts'
import type { QueueSums } from './queueFigures.ts'
import type { SeriesRequest } from './seriesRequest.ts'
import type { TrunkSums } from './trunkFigures.ts'

/** Part of a filter or of a period. */
export interface OfSites {
  /** Only of these sites; omitted: of all. */
  readonly site?: readonly string[]
}

export type FleetCallPageRequest = PageRequest<CallFilter & OfSites, CallOrder> & OfTotal
export type FleetMissedCallerPageRequest = PageRequest<MissedCallerFilter & OfSites>
export type FleetPeriod = Period & OfSites
export type FleetSeriesRequest = SeriesRequest & OfSites

/** Trunks of one name at two sites are two trunks. */
export interface FleetBusiestHours extends Omit<BusiestHours, 'trunks'> {
  readonly trunks: readonly (TrunkHour & { readonly site: string })[]
}

/** Queues of one name at two sites are two queues. */
export type FleetQueueSums = QueueSums & { readonly site: string }
export type FleetTrunkSums = TrunkSums & { readonly site: string }

/** The types of the answers of a central call log. */
export interface FleetAnswers {
  readonly page: FleetCallPage
  readonly detail: FleetCallDetail
  readonly operator: Omit<FleetOperatorEntry, 'state'>
  readonly series: FleetStatsSeries
  readonly busiestHours: FleetBusiestHours
  readonly queue: FleetQueueSums
  readonly trunk: FleetTrunkSums
  readonly missedCallers: FleetMissedCallerPage
}

/** The queries of a central call log. An id is text; a `detail` is asked for by that, or by the id of a channel. */
export interface FleetQueries extends CallQueries<FleetAnswers, OfSites> {
  /** The sites that have calls, by name. */
  sites(signal?: AbortSignal): Promise<readonly SiteEntry[]>
}
