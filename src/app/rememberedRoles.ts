// A file beside the call log with what Asterisk told about the configuration of its endpoints.
//
// Without it, the first calls after a restart would have the roles that follow from names.

import { z } from 'zod'
import { ACCOUNTS } from '../endpoint/evidence.ts'
import type { RememberedEvidence } from '../endpoint/roleWatch.ts'
import { openRememberedFile, type RememberedFile } from './rememberedFile.ts'

const SETTINGS = z.object({
  context: z.string(),
  aors: z.array(z.string()),
  asksPassword: z.boolean(),
  outboundAccount: z.enum(ACCOUNTS),
  byAddressOnly: z.boolean(),
  callerNumber: z.string().nullable(),
  hasSender: z.boolean(),
  hasMailbox: z.boolean(),
  isWebRtc: z.boolean(),
  hasGroup: z.boolean(),
  hasBusyLimit: z.boolean(),
})

const ADDRESS = z.object({
  maxContacts: z.number(),
  fixedContact: z.enum(['user', 'bare']).nullable(),
  hasMailbox: z.boolean(),
})

const EVIDENCE = z.object({
  settings: SETTINGS,
  address: ADDRESS.nullable(),
  isIdentified: z.boolean(),
  registersOut: z.boolean(),
})

const FILE = z.array(z.object({ endpoint: z.string(), evidence: EVIDENCE }))

export function openRememberedRoles(databasePath: string): RememberedFile<readonly RememberedEvidence[]> {
  return openRememberedFile(`${databasePath}-endpoints`, FILE)
}
