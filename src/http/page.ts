// The landing page: who this is, whether it hears Asterisk, and the few figures that show that it works.
//
// Plain HTML made on the server: no script, nothing from elsewhere. Everything printed is escaped, our own texts too.
// It says what PageState says and no more; times are UTC, as in the call log.

import { createHash } from 'node:crypto'
import type { PageState } from './pageState.ts'
import { PAGE_STYLE } from './pageStyle.ts'

const REFRESH_SECONDS = 5

/** Name and version of the program, as printed. */
export interface PageOptions {
  readonly name: string
  readonly version: string
}

/** The value for `style-src` that lets in the page's own style and no other. */
export const PAGE_STYLE_SOURCE = `'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`

/** The page as one HTML document. */
export function renderPage({ name, version }: PageOptions, state: PageState): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<link rel="icon" href="data:,">
<title>${escapeHtml(`${state.inSync ? '' : '(!) '}${name}`)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(name)}</h1>
<p>version ${escapeHtml(version)}, up ${escapeHtml(spanText(state.now - state.startedAt))}</p>
</header>
<main>
${connectionSection(state)}
<section>
<h2>Calls</h2>
<dl class="figures">
${figure('Live now', state.callsActive)}
${figure(`Ended ${state.countedOver}`, state.callsEnded)}
${figure(`Missed ${state.countedOver}`, state.callsMissed)}
${figure('In the log', state.callLog.rows)}
${figure('Not yet on disk', state.callLog.pending)}
</dl>
</section>
<nav aria-label="Links">
<a href="/metrics">Metrics</a>
<a href="/-/healthy">Health</a>
<a href="/-/ready">Readiness</a>
</nav>
</main>
<footer><p>As of ${timeElement(state.now)}. Refreshes every ${REFRESH_SECONDS} seconds.</p></footer>
</body>
</html>
`
}

function connectionSection(state: PageState): string {
  const since = state.since === null ? '' : ` since ${timeElement(state.since)}`
  return `<section class="connection ${state.inSync ? 'good' : 'bad'}">
<h2>${state.inSync ? 'Connected to Asterisk' : 'Not connected to Asterisk'}</h2>
<p>${state.inSync ? 'In sync' : 'Out of sync'}${since}</p>
${state.problem === null ? '' : `<p class="problem">${escapeHtml(state.problem)}</p>`}
${asteriskText(state)}
</section>`
}

function asteriskText({ asterisk, inSync }: PageState): string {
  if (asterisk === null) return ''
  const { version, entityId, startedAt } = asterisk
  const known = `Asterisk ${escapeHtml(version)}, entity ${escapeHtml(entityId)}, started ${timeElement(startedAt)}`
  return `<p>${inSync ? '' : 'Last heard: '}${known}</p>`
}

function figure(label: string, value: number): string {
  return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value.toLocaleString('en-US'))}</dd></div>`
}

function timeElement(at: number): string {
  const iso = new Date(at).toISOString()
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`
}

function spanText(spanMs: number): string {
  const minutes = Math.floor(spanMs / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`
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
