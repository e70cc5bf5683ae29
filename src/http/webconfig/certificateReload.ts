// Serves a certificate that was renewed on disk without a restart: reads its files at an interval and compares them.
//
// It reads instead of watching, because a renewal may be a write, a rename or a changed link, one file after the other.
// Invalid files are never served: the old certificate stays in use, and one warning is logged.

import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import type { Logger } from '../../log.ts'
import { readTlsFiles, secureContextOptions, type TlsFiles, type TlsSettings } from './tls.ts'

/** `served`: the files in use now; `everyMs`: the interval. */
export interface CertificateReloadOptions {
  readonly settings: TlsSettings
  readonly served: TlsFiles
  readonly everyMs: number
}

export interface CertificateReloadDependencies {
  /** Uses the new files for new connections. */
  readonly apply: (options: SecureContextOptions) => void
  readonly log: Logger
}

/** Checks the files until it is stopped. */
export function watchCertificates(
  options: CertificateReloadOptions,
  { apply, log }: CertificateReloadDependencies,
): { stop(): void } {
  const { settings, everyMs } = options
  let served = options.served
  let invalid = { problem: '', times: 0 }
  const check = async (): Promise<void> => {
    const found = readTlsFiles(settings, await textsOf(settings))
    if (!found.ok) {
      const problem = found.problems.join('; ')
      invalid = { problem, times: invalid.problem === problem ? invalid.times + 1 : 1 }
      // At the second check: while a renewal writes one file after the other, certificate and key do not match.
      if (invalid.times === 2) {
        log.warn({ problem }, 'the certificate on disk cannot be used, the old one stays')
      }
      return
    }
    invalid = { problem: '', times: 0 }
    const { files, validTo } = found
    if (files.cert === served.cert && files.key === served.key && files.clientCa === served.clientCa) {
      return
    }
    served = files
    apply(secureContextOptions(settings, files))
    log.info({ validTo: validTo.toISOString() }, 'the certificate was renewed')
  }
  let timer = setTimeout(next, everyMs)
  let stopped = false
  async function next(): Promise<void> {
    await check()
    if (!stopped) {
      timer = setTimeout(next, everyMs)
    }
  }
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

// Reads the files asynchronously; the function that is returned throws for a file that could not be read.
async function textsOf(settings: TlsSettings): Promise<(path: string) => string> {
  const paths = [settings.certFile, settings.keyFile, settings.clientCaFile ?? []].flat()
  const texts = new Map<string, string>()
  await Promise.allSettled(paths.map(async (path) => texts.set(path, await readFile(path, 'utf8'))))
  return (path) => {
    const text = texts.get(path)
    if (text === undefined) {
      throw new Error('not read')
    }
    return text
  }
}
