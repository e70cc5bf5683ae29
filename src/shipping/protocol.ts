// The messages between the main thread and the shipping thread. Plain values only: they are copied between threads.

import type { LoadedMessage } from '../calllog/sqliteThread.ts'
import type { Settled } from '../calllog/writer/outbox.ts'
import type { LoopOptions, LoopReport } from './loop.ts'
import type { SinkName } from './sink.ts'
import type { SinkSettings } from './sinks.ts'

/** What the thread is started with. */
export interface ShippingSettings {
  /** The database file of the call log. */
  readonly path: string
  readonly sinks: readonly SinkSettings[]
  /** Instead of those of each sink; for tests. */
  readonly loop?: Partial<LoopOptions>
}

export type ToShipping =
  /** `problem`: why the entries could not be removed; null: they were. */
  { readonly type: 'settled'; readonly number: number; readonly problem: string | null } | { readonly type: 'stop' }

export type FromShipping =
  | LoadedMessage
  | { readonly type: 'settle'; readonly number: number; readonly settled: Settled }
  | { readonly type: 'report'; readonly sink: SinkName; readonly report: LoopReport }
