// The gauges of toll calls: the largest sums of one phone, and the first call to each country.

import { TOLL_CLASSES, type TollSums } from '../fraud/tollCall.ts'
import type { LabelLimiter } from './cardinality.ts'
import type { Instruments } from './registry.ts'

/** Where they are read from. */
export interface TollSource {
  readonly peaks: (at: number) => TollSums
  /** When each country was first called, epoch ms. */
  readonly countries: () => Iterable<readonly [country: string, at: number]>
  /** Since when the countries are remembered, epoch ms. */
  readonly since: () => number
}

/** Sets them at `now` (epoch ms). */
export function setToll(
  instruments: Instruments,
  limiter: LabelLimiter,
  { toll, now }: { readonly toll: TollSource; readonly now: number },
): void {
  const { attempts, answered, active, sequential, talkMs } = toll.peaks(now)
  instruments.setGauge('tollPeakAttempts', {}, attempts)
  instruments.setGauge('tollPeakAnswered', {}, answered)
  instruments.setGauge('tollPeakActive', {}, active)
  instruments.setGauge('tollPeakSequential', {}, sequential)
  for (const kind of TOLL_CLASSES) {
    instruments.setGauge('tollPeakTalk', { class: kind }, talkMs[kind] / 1000)
  }
  instruments.setGauge('tollCountriesSince', {}, toll.since() / 1000)
  instruments.clearGauge('tollCountryFirstCall')
  const countries = [...toll.countries()].toSorted(([, one], [, other]) => one - other)
  const shown = limiter.forScrape(countries.map(([country]) => country))
  // Of the countries beyond the limit, the latest: `other` is called for the first time whenever one of them is.
  for (const [country, at] of countries) {
    instruments.setGauge('tollCountryFirstCall', { country: shown(country) }, at / 1000)
  }
}
