// What the API is made of. Whoever starts the server gives it; nothing here knows where it comes from.

import type { CallRecord } from '../../call/fact.ts'
import type { CallQueries } from '../../query/query.ts'
import type { OperatorEntry } from '../../query/schema.ts'

export interface ApiDependencies {
  readonly queries: CallQueries
  /** The calls that live, with numbers as they may be shown, the oldest first; and how many they are. */
  readonly live: () => Iterable<CallRecord>
  readonly liveCount: () => number
  /** Row of a live call in the call log. */
  readonly rowId: (channelId: string) => number | undefined
  /** What each phone does right now; null where it is not known. */
  readonly operatorStates: () => ReadonlyMap<string, OperatorEntry['state']>
  /** Epoch ms. */
  readonly now: () => number
}
