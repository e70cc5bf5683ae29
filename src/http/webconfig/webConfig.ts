// Parses the web configuration file: TLS, headers and users, or every problem at once, each with its key and what to do.
//
// The format is that of Prometheus' exporter-toolkit; `promtool check web-config` accepts each file that is accepted here.
// Reads files only through `readFile`. Secrets are in the result, never in a problem.

import { dirname, isAbsolute, join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { nodeCiphers, nodeCurves } from './cipherSuites.ts'
import { readTlsFiles, type TlsSettings } from './tls.ts'
import { shapeProblems, type TlsSection, WEB_CONFIG_SHAPE, type WebConfigFile } from './webConfigShape.ts'

/** TLS, headers and users of the HTTP server. */
export interface WebConfig {
  /** Null: plain HTTP. */
  readonly tls: TlsSettings | null
  /** Name -> value of headers of every answer; empty: the header is not sent. */
  readonly headers: ReadonlyMap<string, string>
  /** Name -> bcrypt hash; empty: no password is needed. */
  readonly users: ReadonlyMap<string, string>
}

/** The configuration without a file: plain HTTP without passwords. */
export const OPEN_WEB: WebConfig = Object.freeze({ tls: null, headers: new Map(), users: new Map() })

export type WebConfigResult =
  | { readonly ok: true; readonly web: WebConfig }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads the file at `path` and the files that it names (relative to its folder). `readFile` throws if it cannot read. */
export function readWebConfig(path: string, readFile: (path: string) => string): WebConfigResult {
  const document = documentOf(path, readFile)
  if (!document.ok) {
    return document
  }
  const parsed = WEB_CONFIG_SHAPE.safeParse(document.content)
  if (!parsed.success) {
    return { ok: false, problems: shapeProblems(parsed.error) }
  }
  const tls = tlsSettings(parsed.data.tls_server_config, (file) => resolved(path, file))
  const headers = headersOf(parsed.data, tls.settings !== null)
  const problems = [...tls.problems, ...headers.problems]
  if (tls.settings !== null && tls.problems.length === 0) {
    const files = readTlsFiles(tls.settings, readFile)
    if (!files.ok) {
      problems.push(...files.problems.map((problem) => `tls_server_config.${problem}`))
    }
  }
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const users = parsed.data.basic_auth_users ?? new Map<string, string>()
  return { ok: true, web: Object.freeze({ tls: tls.settings, headers: headers.values, users }) }
}

type DocumentResult =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false; readonly problems: readonly string[] }

function documentOf(path: string, readFile: (path: string) => string): DocumentResult {
  const problem = (...problems: string[]): DocumentResult => ({ ok: false, problems })
  let text: string
  try {
    text = readFile(path)
  } catch {
    return problem('cannot be read: check the path and who may read it')
  }
  const lines = new LineCounter()
  // Failsafe: every scalar is text, so that a user may be named `no` or `0x10`. The library's messages quote the file, so
  // that only their code is used.
  const document = parseDocument(text, {
    schema: 'failsafe',
    prettyErrors: false,
    lineCounter: lines,
  })
  if (document.errors.length > 0) {
    return problem(
      ...document.errors.map(
        ({ code, pos }) => `line ${lines.linePos(pos[0]).line} or below: not valid YAML (${code}): correct it`,
      ),
    )
  }
  try {
    return { ok: true, content: document.toJS() ?? {} }
  } catch {
    return problem('its aliases cannot be resolved: write the values out')
  }
}

function tlsSettings(
  section: TlsSection | undefined,
  resolve: (file: string) => string,
): { settings: TlsSettings | null; problems: readonly string[] } {
  if (section === undefined) {
    return { settings: null, problems: [] }
  }
  const { cert_file: cert, key_file: key, client_ca_file: clientCa, client_auth_type: clientAuth } = section
  const settings: TlsSettings = Object.freeze({
    certFile: resolve(cert ?? ''),
    keyFile: resolve(key ?? ''),
    clientCaFile: clientCa === undefined ? null : resolve(clientCa),
    clientAuth: clientAuth ?? 'NoClientCert',
    minVersion: section.min_version === 'TLS13' ? 'TLSv1.3' : 'TLSv1.2',
    maxVersion: section.max_version === 'TLS12' ? 'TLSv1.2' : 'TLSv1.3',
    ciphers: section.cipher_suites?.length ? nodeCiphers(section.cipher_suites) : null,
    curves: section.curve_preferences?.length ? nodeCurves(section.curve_preferences) : null,
    preferServerCiphers: section.prefer_server_cipher_suites !== 'false',
  })
  return { settings, problems: tlsProblems(section, settings).map((problem) => `tls_server_config.${problem}`) }
}

function tlsProblems(section: TlsSection, settings: TlsSettings): readonly string[] {
  const problems: string[] = []
  if (section.cert_file === undefined) {
    problems.push('cert_file: is missing: give the certificate of this server')
  }
  if (section.key_file === undefined) {
    problems.push('key_file: is missing: give the key of the certificate')
  }
  if (settings.minVersion > settings.maxVersion) {
    problems.push('max_version: is below min_version: raise it')
  }
  if (settings.clientAuth === 'NoClientCert' && settings.clientCaFile !== null) {
    problems.push('client_auth_type: is missing beside client_ca_file: give RequireAndVerifyClientCert')
  }
  // Without it, a certificate of any public authority would be accepted.
  if (settings.clientAuth.includes('Verify') && settings.clientCaFile === null) {
    problems.push('client_ca_file: is missing: give the CA that signs the certificates of your clients')
  }
  return problems
}

function headersOf(file: WebConfigFile, overTls: boolean): { values: ReadonlyMap<string, string>; problems: string[] } {
  const values = new Map(
    Object.entries(file.http_server_config?.headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  )
  const needsTls = !overTls && (values.get('Strict-Transport-Security') ?? '') !== ''
  const problem =
    'http_server_config.headers.Strict-Transport-Security: has no effect without tls_server_config: add that or remove this'
  return { values, problems: needsTls ? [problem] : [] }
}

function resolved(path: string, file: string): string {
  return isAbsolute(file) ? file : join(dirname(path), file)
}
