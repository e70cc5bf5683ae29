// What a panel says that has nothing to draw.
//
// Its own word, or Grafana's.

import type { Panel } from '../boardJson.ts'

export function Nothing({ panel, height }: { readonly panel: Panel; readonly height: number }) {
  return (
    <div style={{ height, display: 'grid', placeContent: 'center' }}>
      {panel.fieldConfig?.defaults.noValue ?? 'No data'}
    </div>
  )
}
