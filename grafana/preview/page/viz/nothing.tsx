// The text of a panel without data: its `noValue`, or Grafana's text.

import type { Panel } from '../boardJson.ts'

export function Nothing({ panel, height }: { readonly panel: Panel; readonly height: number }) {
  return (
    <div style={{ height, display: 'grid', placeContent: 'center' }}>
      {panel.fieldConfig?.defaults.noValue ?? 'No data'}
    </div>
  )
}
