// A certificate that is renewed on disk is served without a restart: its files are read now and then and compared.
//
// Reading, not watching: renewals come as writes, renames and links turned around, one file after the other. What cannot be
// used is never served; the old certificate stays, and that is said once.

import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import type { Logger } from '../../log.ts'
import { readTlsFiles, secureContextOptions, type TlsFiles, type TlsSettings } from './tls.ts'

/** `served`: the files in use now; `everyMs`: how often to look. */
export interface CertificateReloadOptions {
  readonly settings: TlsSettings
  readonly served: TlsFiles
  readonly everyMs: number
}

export interface CertificateReloadDependencies {
  /** Puts the new files to use; connections that are open keep the old ones. */
  readonly apply: (options: SecureContextOptions) => void
  readonly log: Logger
}

/** Looks until it is stopped. */
export function watchCertificates(
  options: CertificateReloadOptions,
  { apply, log }: CertificateReloadDependencies,
): { stop(): void } {
  const { settings, everyMs } = options
  let served = options.served
  let refused = { problem: '', times: 0 }
  const look = async (): Promise<void> => {
    const found = readTlsFiles(settings, await textsOf(settings))
    if (!found.ok) {
      const problem = found.problems.join('; ')
      refused = { problem, times: refused.problem === problem ? refused.times + 1 : 1 }
      // The second time: between the writing of the certificate and of its key they do not fit.
      if (refused.times === 2) {
        log.warn({ problem }, 'the certificate on disk cannot be used, the old one stays')
      }
      return
    }
    refused = { problem: '', times: 0 }
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
    await look()
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

// All at once and without stopping the thread; then they are there, or not.
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
