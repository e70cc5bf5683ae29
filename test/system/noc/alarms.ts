// When an alert fires, minute by minute: the shipped expression by a real Prometheus, `for` and `keep_firing_for` by a model.

import type { Alarm } from './alertmanagerModel.ts'
import { firingSteps } from './alertState.ts'
import { durationMs } from './durations.ts'
import type { History } from './history.ts'
import type { Span } from './servers.ts'
import type { AlertingRule } from './shippedRules.ts'

/** One for each series of the expression, over the minutes of the span. Rejects with what Prometheus said. */
export async function alarmsOf(
  rule: AlertingRule,
  { minutely }: Pick<History, 'minutely'>,
  { start, end }: Span,
): Promise<readonly Alarm[]> {
  const series = await minutely(rule.expr)
  const [forSteps, keepFiringSteps] = [durationMs(rule.for) / 60_000, durationMs(rule.keep_firing_for) / 60_000]
  return series.map(({ metric: { __name__, ...labels }, values }) => {
    const active = new Array<boolean>((end - start) / 60 + 1).fill(false)
    for (const [at] of values) {
      active[(at - start) / 60] = true
    }
    return {
      labels: { ...labels, ...rule.labels, alertname: rule.alert },
      firing: firingSteps(active, { forSteps, keepFiringSteps }),
    }
  })
}
