// Words that were replaced by the terms of the glossary (src/README.md) do not come back, in code, messages or documents.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** The retired word, and the term to use instead. */
const RETIRED: readonly (readonly [RegExp, string])[] = [
  [/\bsetbacks?\b/i, 'disconnect'],
  [/\bhand-?back\b/i, 'continue in the dialplan'],
  [/\bledgers?\b/i, 'the name of what it keeps'],
  [/\bheldName\b/, 'app name lease'],
  [/\bpbxClock\b/i, 'clock offset'],
  [/\bevolve\b/, 'apply'],
  [/\bsight(Lost|LostAt)\b/i, 'ConnectionLost, disconnectedAt'],
  [/\bCallsRemembered\b/, 'OpenCallsRestored'],
  [/\bservedByPbx\b/, 'answeredByPbx'],
  [/\bforgetTheGone\b|\blearnTheNew\b/, 'endMissingChannels, addNewChannels'],
  [/\bliveForEver\b/, 'reconnectLoop'],
  [/\btameSwagger\b/, 'replaceSwaggerTransport'],
  [/\bguardConsumer\b/, 'safeConsumer'],
  [/\bbacklog\.ts\b|\bBacklog\b/, 'write queue'],
  [/\bOnDisk\b/, 'disk state'],
  [/\bbearsOurMark\b/, 'isOurDatabase'],
  [/\bblind_seconds\b/, 'disconnected_seconds'],
  [
    /\bAsterisk(OutOfSight|SightGaps|EndedUnseen)\b/,
    'AsteriskUnreachable, AsteriskConnectionGaps, AsteriskCallsEndedUnobserved',
  ],
  [/\b(rising|falling)Bad\b/, 'higherIsWorse, lowerIsWorse'],
  [/\boutlet\b|\bcreateOutlet\b/i, 'send buffer'],
  [/\bcasting\b/i, 'parties'],
  [/\b(open|close)Doors\b/, 'startArrivals, stopArrivals'],
  [/\bheld against\b/i, 'compared with, checked against'],
  [/\bas good as\b/i, 'like'],
  [/\b(in|out of) sight\b|\bsights?\b/i, 'connected, observed'],
  [/\bfor ever\b/i, 'never ends'],
  [/\bnobody looks\b/i, 'not connected'],
  [/\bgoBlind\b/, 'noteDisconnect, loseConnection'],
  [/\bsightOf\b/, 'observedIntervals'],
  [/\b(create)?Ratchet\b/i, 'counter check'],
  [/\bnarrate\b/i, 'call logger'],
  [/\bturnstile\b/i, 'request limiter'],
  [/\bliveWorld\b/i, 'feed harness'],
  [/\bnothingOfCalls\b/, 'emptyApi'],
  [/\bHttpLog\b/, 'Logger'],
  [/\bcallLogPath\b|\breadBearerToken\b/, 'the settings in config.ts'],
  [/\bremembered(Call|Calls)\b|\brememberedCalls?\b/, 'restoredCall'],
  [/\bnameBeside\b/, 'unusedName'],
  [/\bloseApplication\b/, 'dropRegistration'],
  [/\btellAll\b/, 'sendToAll'],
  [/\bledNowhere\b/, 'isRefusedLocal'],
  [/\bcreateLine\b/, 'createWorkerQueue'],
  [/\bcensus\b/i, 'live counts'],
  [/\btakeStory\b/, 'mergeHistory'],
  [/\bshowLife\b/, 'markProgress'],
  [/\blegsWithoutChannel\b/, 'recordUndialedTargets'],
  [/\bBEST_FIRST\b/, 'OUTCOME_PRECEDENCE'],
  [/\bQueueVisit\b/, 'QueueWait'],
  [/\badopt(Ringing|Meeting|Call)\b/, 'inferDialer, inferFromBridge, inferFromChannels'],
  [/\bkeptScrape\b/, 'durableScrape'],
  [/\bLabelGuard\b/, 'LabelLimiter'],
  [/\blabelLists\b/, 'labelValues'],
  [/\bGivenLists\b/, 'ExternalLabelValues'],
  [/\bStoredSum\b/, 'StoredSeries'],
  [/\bpageState\b/i, 'service status'],
  [/\bWayIn\b/, 'AuthScheme'],
  [/\bturnStrangersAway\b|\bclientMayEnter\b/, 'rejectUntrustedClients, isClientCertAccepted'],
  [/\bhimself\b/i, 'the caller, they'],
  [/\b(he|him|his)\b/i, 'the caller, they'],
]

const FOLDERS: readonly string[] = ['src', 'grafana', 'prometheus', 'test']
const SKIPPED: readonly string[] = ['node_modules', 'traces', 'shots', 'dashboards']
const TEXT = /\.(ts|md|yml|tmpl|css|js)$/

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return SKIPPED.includes(entry.name) ? [] : filesIn(path)
    }
    return TEXT.test(entry.name) && path !== import.meta.filename ? [path] : []
  })
}

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((name) => join(ROOT, name))
const FILES = [...DOCUMENTS, ...FOLDERS.flatMap((folder) => filesIn(join(ROOT, folder)))].map((path) => ({
  path: relative(ROOT, path),
  lines: readFileSync(path, 'utf8').split('\n'),
}))

test('there are files to read', () => {
  expect(FILES.length).toBeGreaterThan(300)
})

test.each(RETIRED)('%s is not used: %s', (word) => {
  const uses = FILES.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  )
  expect(uses).toEqual([])
})
