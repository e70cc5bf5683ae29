// How many values the labels of metrics may have that are names from the PBX, or countries; logs once for each when a limit is reached.

import type { Logger } from '../log.ts'
import { limitSettingOf, type MetricsOptions } from '../metrics/metrics.ts'
import { SETTINGS } from '../settings/settings.ts'

export interface LimitSettings {
  readonly labelLimit: number
  readonly phoneLabelLimit: number
}

type LimitOptions = Required<Pick<MetricsOptions, 'labelLimit' | 'phoneLabelLimit' | 'limitReached'>>

/** For the metrics. */
export function labelLimits({ labelLimit, phoneLabelLimit }: LimitSettings, log: Logger): LimitOptions {
  return {
    labelLimit,
    phoneLabelLimit,
    limitReached(label) {
      const isOfPhones = limitSettingOf(label) === 'phoneLabelLimit'
      const { name } = isOfPhones ? SETTINGS.calls.phoneLabelLimit : SETTINGS.calls.labelLimit
      const limit = isOfPhones ? phoneLabelLimit : labelLimit
      log.warn(
        { label, limit },
        `the label ${label} has as many values as ${name} allows: further names are counted as other; raise ${name} if there are that many`,
      )
    },
  }
}
