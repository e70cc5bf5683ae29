// The name of this site: what SITE says, else the name of the host.

import { hostname } from 'node:os'
import type { Config } from '../config.ts'

export function siteOf({ shipping }: Pick<Config, 'shipping'>): string {
  return shipping.site ?? hostname()
}
