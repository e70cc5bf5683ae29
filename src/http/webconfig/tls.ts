// TLS settings of the web configuration: reads and validates the files, and makes Node's options from them.
//
// No problem contains text of a key or certificate, or a message of OpenSSL. Source of what each client_auth_type means: Go's
// crypto/tls (ClientAuthType).

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions, type TLSSocket, type TlsOptions } from 'node:tls'

export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const

export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number]

/** TLS settings; file names are absolute or relative to the working directory. */
export interface TlsSettings {
  readonly certFile: string
  readonly keyFile: string
  readonly clientCaFile: string | null
  readonly clientAuth: ClientAuthType
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3'
  /** In Node's notation; null: Node's own choice. */
  readonly ciphers: string | null
  readonly curves: string | null
  readonly preferServerCiphers: boolean
}

/** The texts of the files, all in PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  readonly clientCa: string | null
}

/** Validated files that can be used together; or the problems, as `key: what to do`. */
export type TlsFilesResult =
  | { readonly ok: true; readonly files: TlsFiles; readonly validTo: Date }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads and validates the files. `readFile` throws if it cannot read. */
export function readTlsFiles(settings: TlsSettings, readFile: (path: string) => string): TlsFilesResult {
  const problems: string[] = []
  const read = (key: string, path: string): string | null => {
    try {
      return readFile(path)
    } catch {
      problems.push(`${key}: ${path} cannot be read: check the path and who may read it`)
      return null
    }
  }
  const cert = read('cert_file', settings.certFile)
  const key = read('key_file', settings.keyFile)
  const clientCa = settings.clientCaFile === null ? null : read('client_ca_file', settings.clientCaFile)
  const certificate = cert === null ? null : parsed(() => new X509Certificate(cert))
  if (cert !== null && certificate === null) {
    problems.push('cert_file: give a file with a certificate in PEM')
  }
  if (key !== null && keyOf(key) === null) {
    problems.push('key_file: give a file with a private key in PEM that needs no password')
  }
  if (clientCa !== null && parsed(() => new X509Certificate(clientCa)) === null) {
    problems.push('client_ca_file: give a file with certificates in PEM')
  }
  if (problems.length > 0 || cert === null || key === null || certificate === null) {
    return { ok: false, problems }
  }
  const files = { cert, key, clientCa }
  const problem = pairProblem(settings, files, certificate)
  return problem === null
    ? { ok: true, files, validTo: new Date(certificate.validTo) }
    : { ok: false, problems: [problem] }
}

function pairProblem(settings: TlsSettings, files: TlsFiles, certificate: X509Certificate): string | null {
  const key = keyOf(files.key)
  if (key === null || !certificate.checkPrivateKey(key)) {
    return 'key_file: is not the key of the certificate in cert_file: give the two that belong together'
  }
  const context = parsed(() => createSecureContext(secureContextOptions(settings, files)))
  return context === null ? 'cert_file: OpenSSL rejects this certificate: create one with a stronger key' : null
}

/** Options for `setSecureContext` of a running server. */
export function secureContextOptions(settings: TlsSettings, files: TlsFiles): SecureContextOptions {
  return {
    cert: files.cert,
    key: files.key,
    minVersion: settings.minVersion,
    maxVersion: settings.maxVersion,
    honorCipherOrder: settings.preferServerCiphers,
    ...(files.clientCa !== null && { ca: files.clientCa }),
    ...(settings.ciphers !== null && { ciphers: settings.ciphers }),
    ...(settings.curves !== null && { ecdhCurve: settings.curves }),
  }
}

// A connection that does not finish the handshake is closed.
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Options for a new server. `isClientCertAccepted` must check each client in addition. */
export function serverTlsOptions(settings: TlsSettings, files: TlsFiles): TlsOptions {
  return {
    ...secureContextOptions(settings, files),
    requestCert: settings.clientAuth !== 'NoClientCert',
    rejectUnauthorized: settings.clientAuth === 'RequireAndVerifyClientCert',
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  }
}

/** Whether a client is accepted by the certificate that it sent, or without one. */
export function isClientCertAccepted(clientAuth: ClientAuthType, socket: TLSSocket): boolean {
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert': {
      return true
    }
    case 'RequireClientCert':
    case 'RequireAnyClientCert': {
      return hasCertificate(socket)
    }
    case 'VerifyClientCertIfGiven': {
      return socket.authorized || !hasCertificate(socket)
    }
    case 'RequireAndVerifyClientCert': {
      return socket.authorized
    }
  }
}

function hasCertificate(socket: TLSSocket): boolean {
  return socket.getPeerX509Certificate() !== undefined
}

function keyOf(text: string): KeyObject | null {
  return parsed(() => createPrivateKey(text))
}

function parsed<T>(parse: () => T): T | null {
  try {
    return parse()
  } catch {
    return null
  }
}
