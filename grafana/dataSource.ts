// The data sources of the boards, as references to the variables that select them.
//
// Never a uid of a data source in a panel: a board has to work with whatever Prometheus the reader chooses. The two uids
// here are those of provisioning/datasources, as the first choice.

import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'

/** The Prometheus of the board's choice. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: '$datasource' }

/** The exporter's JSON API, through the plugin Infinity. */
export const CALL_LOG: DataSourceRef = { type: 'yesoreyeram-infinity-datasource', uid: '$calllog' }

/** The two as they are provisioned: name and uid. */
export const PROVISIONED = {
  prometheus: { name: 'Prometheus', uid: 'prometheus' },
  callLog: { name: 'Call log', uid: 'calllog' },
} as const
