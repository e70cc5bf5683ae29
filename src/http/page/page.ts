// The page's frame: its name, its style, its script, and what to do without a script.
//
// Plain HTML made on the server with nothing of a call in it; everything that moves comes over the API and the live socket
// and is written by the script as text. Everything printed is escaped, our own texts too.

/** Name and version of the program, as printed. */
export interface PageOptions {
  readonly name: string
  readonly version: string
}

/** Names of the files below `/client/`. */
export interface PageFiles {
  readonly main: string
  readonly style: string
}

/** The page as one HTML document. Addresses are relative, so that a proxy may put it below any path. */
export function renderPage({ name, version }: PageOptions, { main, style }: PageFiles): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="application-name" content="${escapeHtml(name)}">
<meta name="version" content="${escapeHtml(version)}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="client/${escapeHtml(style)}">
<script type="module" src="client/${escapeHtml(main)}"></script>
<title>${escapeHtml(name)}</title>
</head>
<body>
<noscript>
<main>
<h1>${escapeHtml(name)} ${escapeHtml(version)}</h1>
<p>This page needs JavaScript: allow it for this address and load the page again. Without it, look here:</p>
<p lang="ru">Этой странице нужен JavaScript: разрешите его для этого адреса и обновите страницу. Без него смотрите здесь:</p>
<nav aria-label="Links">
<a href="-/ready">/-/ready</a>
<a href="metrics">/metrics</a>
<a href="api/calls?limit=50&amp;format=csv">/api/calls (CSV)</a>
<a href="api/calls/active">/api/calls/active</a>
</nav>
</main>
</noscript>
</body>
</html>
`
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
