// Translates the names of cipher suites and curves in a web configuration to the names that Node uses.
//
// The names are those of Go's crypto/tls (CipherSuites, CurveID); only suites that Go counts as secure are accepted. As in
// Go, the list does not restrict TLS 1.3, which has three suites of its own.

/** TLS 1.2: Go's name -> OpenSSL's name. */
const SUITES: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
}

const TLS13_SUITES: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
]

const CURVES: Readonly<Record<string, string>> = {
  X25519: 'X25519',
  CurveP256: 'P-256',
  CurveP384: 'P-384',
  CurveP521: 'P-521',
}

/** The values of `cipher_suites` and of `curve_preferences`. */
export const SUITE_NAMES: readonly string[] = [...Object.keys(SUITES), ...TLS13_SUITES]
export const CURVE_NAMES: readonly string[] = Object.keys(CURVES)

/** Node's `ciphers` option for a list of Go's names. */
export function nodeCiphers(names: readonly string[]): string {
  return [...names.flatMap((name) => SUITES[name] ?? []), ...TLS13_SUITES].join(':')
}

/** Node's `ecdhCurve` option for a list of Go's names. */
export function nodeCurves(names: readonly string[]): string {
  return names.flatMap((name) => CURVES[name] ?? []).join(':')
}
