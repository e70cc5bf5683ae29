// The format of the metrics for an Accept header.

import { describe, expect, test } from 'vitest'
import { type MetricsFormat, metricsFormat } from '../../../src/http/metricsFormat.ts'

const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1'
const PROTOBUF_FIRST = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,${PROMETHEUS_3}`

describe.each<[MetricsFormat, readonly (string | undefined)[]]>([
  [
    'openmetrics',
    [
      PROMETHEUS_2,
      PROMETHEUS_3,
      PROTOBUF_FIRST,
      'application/openmetrics-text',
      'Application/OpenMetrics-Text; Version="1.0.0"; charset=utf-8',
      'application/openmetrics-text;q=0.5, */*;q=0.5',
      'text/*;q=0.9, application/openmetrics-text',
      'text/plain;version=1.0.0, application/openmetrics-text;version=1.0.0;q=0.1',
    ],
  ],
  [
    'text',
    [
      undefined,
      '',
      '*/*',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'application/*',
      'application/openmetrics-text;q=0',
      'application/openmetrics-text;q=x',
      'application/openmetrics-text;q=7',
      'application/openmetrics-text;version=0.0.1',
      'application/openmetrics-text;version=2.0.0,*/*',
      'application/openmetrics-text;q=0.2, text/plain;q=0.3',
      'application/openmetrics-text;q=0.2, */*',
      'xapplication/openmetrics-text',
      ';;;,,,=',
    ],
  ],
])('%s', (format, headers) => {
  test.each(headers)('%s', (accept) => {
    expect(metricsFormat(accept)).toBe(format)
  })
})
