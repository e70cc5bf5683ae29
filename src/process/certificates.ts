// The certificates by which this process checks a server, for connections that trust one more.

import tls from 'node:tls'

/** Those that Node trusts, with those of NODE_EXTRA_CA_CERTS, in PEM format; the same in every thread. */
export function trustedCertificates(): readonly string[] {
  const { getCACertificates } = tls
  // Older versions of Node tell only those that they bring with them.
  if (getCACertificates === undefined) {
    return tls.rootCertificates
  }
  // In a thread whose environment does not have the variable, `default` lacks them.
  return [...new Set([...getCACertificates('default'), ...getCACertificates('extra')])]
}

/** Lets every connection of this thread trust these too; false if this version of Node cannot. */
export function trustAlso(certificates: string): boolean {
  const { setDefaultCACertificates } = tls
  if (setDefaultCACertificates === undefined) {
    return false
  }
  setDefaultCACertificates([...trustedCertificates(), certificates])
  return true
}
