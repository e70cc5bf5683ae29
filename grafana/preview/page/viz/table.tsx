// Tables and texts, drawn by Grafana's own components.
//
// Only the first frame of a table, as Grafana's panel.

import { renderMarkdown } from '@grafana/data'
import type { TableOptions } from '@grafana/schema'
import { TableNG } from '@grafana/ui/unstable'
import { Nothing } from './nothing.tsx'
import { optionsOf, type VizProps } from './viz.ts'

export function Table({ panel, frames, fieldConfig, width, height, range }: VizProps) {
  const { frameIndex = 0, showHeader, cellHeight, sortBy } = optionsOf<Partial<TableOptions>>(panel)
  const frame = frames[frameIndex]
  if (frame === undefined || frame.length === 0) {
    return <Nothing panel={panel} height={height} />
  }
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      noHeader={showHeader === false}
      cellHeight={cellHeight}
      sortBy={sortBy}
      timeRange={range}
      fieldConfig={fieldConfig}
      enableVirtualization={false}
      structureRev={1}
    />
  )
}

export function Words({ panel }: VizProps) {
  const { content } = optionsOf<{ readonly content: string }>(panel)
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the markdown is the board's own, and renderMarkdown cleans it
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: renderMarkdown(content) }} />
}
