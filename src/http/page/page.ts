// The HTML document of the page: title, style, script, and a hint for browsers without JavaScript.
//
// It contains no call data: the script reads them over the API and the websocket, and writes them as text. Every inserted value
// is escaped.

/** Name and version of the program. */
export interface PageOptions {
  readonly name: string
  readonly version: string
}

/** Names of the scripts and the style below `/client/`. */
export interface PageFiles {
  readonly main: string
  /** The modules that `main` needs. */
  readonly modules: readonly string[]
  readonly style: string
}

/** The document. Addresses are relative, so that a proxy can serve the page below any path. */
export function renderPage({ name, version }: PageOptions, { main, modules, style }: PageFiles): string {
  // Otherwise the browser learns of a module only when it has read the one that imports it.
  const preloads = modules.map((name) => `<link rel="modulepreload" href="client/${escapeHtml(name)}">\n`).join('')
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
${preloads}<script type="module" src="client/${escapeHtml(main)}"></script>
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
