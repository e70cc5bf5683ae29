// What Alertmanager says of the alerts that it holds: which fire, and which are kept back by which.
//
// Only reads. Source of the form: Alertmanager's api/v2/openapi.yaml, /alerts.

import { z } from 'zod'
import type { Server } from './servers.ts'

const ALERTS = z.array(
  z.object({
    fingerprint: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    status: z.object({ state: z.string(), inhibitedBy: z.array(z.string()) }),
  }),
)

export interface HeldAlert {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly description: string
  /** Names of the alerts that inhibit it; empty when it is sent. */
  readonly inhibitedBy: readonly string[]
}

/** All alerts that are not resolved. */
export async function heldAlerts(alertmanager: Server): Promise<readonly HeldAlert[]> {
  const alerts = ALERTS.parse(await alertmanager.get('/api/v2/alerts'))
  const nameOf = (fingerprint: string) =>
    alerts.find((alert) => alert.fingerprint === fingerprint)?.labels['alertname'] ?? fingerprint
  return alerts.map(({ labels, annotations, status }) => ({
    name: labels['alertname'] ?? '',
    labels,
    description: annotations['description'] ?? '',
    inhibitedBy: status.inhibitedBy.map(nameOf),
  }))
}
