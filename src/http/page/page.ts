// The HTML document of the page: title, style, script, and a hint for browsers without JavaScript.
//
// It contains no call data: the script reads them over the API and the websocket, and writes them as text. Every inserted value
// is escaped.

import type { ClientIcon } from './clientFiles.ts'
import { MANIFEST } from './manifest.ts'

/** Name and version of the program. */
export interface PageOptions {
  readonly name: string
  readonly version: string
  /** The page of a fleet: it has sites, and not the lists of one Asterisk. */
  readonly fleet?: boolean
  /** Whether calls can be begun and ended. Default false. */
  readonly control?: boolean
}

/** Names of the script and the style below `/client/`. */
export interface PageFiles {
  readonly main: string
  readonly style: string
  readonly icons: readonly ClientIcon[]
}

/** The document. Addresses are relative, so that a proxy can serve the page below any path. */
export function renderPage(
  { name, version, fleet = false, control = false }: PageOptions,
  { main, style, icons }: PageFiles,
): string {
  // iOS reads no manifest for its home screen, and no SVG.
  const touch = icons.find(({ sizes }) => sizes === '192x192')?.name ?? ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="application-name" content="${escapeHtml(name)}">
<meta name="version" content="${escapeHtml(version)}">
<meta name="mode" content="${fleet ? 'fleet' : 'pbx'}">
<meta name="control" content="${control ? 'on' : 'off'}">
<meta name="theme-color" content="#f4f6f8" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#10141a" media="(prefers-color-scheme: dark)">
<link rel="icon" href="data:,">
<link rel="apple-touch-icon" href="client/${escapeHtml(touch)}">
<link rel="manifest" href="${MANIFEST}" crossorigin="use-credentials">
<script type="module" src="client/${escapeHtml(main)}"></script>
<title>${escapeHtml(name)}</title>
</head>
<body>
${skeleton(escapeHtml(name))}
<link rel="stylesheet" href="client/${escapeHtml(style)}">
<noscript>
<main>
<h1>${escapeHtml(name)} ${escapeHtml(version)}</h1>
<p>This page needs JavaScript: allow it for this address and load the page again. Without it, look here:</p>
<p lang="ru">Этой странице нужен JavaScript: разрешите его для этого адреса и обновите страницу. Без него смотрите здесь:</p>
<nav aria-label="Links">
<a href="-/ready">/-/ready</a>
<a href="metrics">/metrics</a>
<a href="api/calls.csv?limit=50">/api/calls.csv</a>
<a href="api/calls/active">/api/calls/active</a>
</nav>
</main>
</noscript>
</body>
</html>
`
}

const SKELETON_BOXES = [
  { x: '1%', y: 92, width: '23.75%', height: 120 },
  { x: '25.75%', y: 92, width: '23.75%', height: 120 },
  { x: '50.5%', y: 92, width: '23.75%', height: 120 },
  { x: '75.25%', y: 92, width: '23.75%', height: 120 },
  { x: '1%', y: 260, width: '98%', height: 420 },
] as const

/**
 * What a slow line shows until the style and the script have arrived: it stands before the style, so that the browser paints it at once.
 * Drawn with attributes, because the policy allows no inline style. The script removes it.
 */
function skeleton(title: string): string {
  const boxes = SKELETON_BOXES.map(
    ({ x, y, width, height }) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
  )
  return `<svg id="loading" aria-hidden="true" width="100%" height="720" fill="gray" fill-opacity=".18">
<text x="4" y="28" font-family="system-ui, sans-serif" font-size="22" fill-opacity="1">${title}</text>
${boxes.join('')}
</svg>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
