// A queue in which kinds of items take turns, so that many items of one kind do not delay those of another.

export interface FairQueue<Kind, Item> {
  /** How many items of this kind are queued. */
  length(kind: Kind): number
  add(kind: Kind, item: Item): void
  /** Has no effect if the item is not queued. */
  remove(kind: Kind, item: Item): void
  /** Removes and returns the oldest item of the next kind that has one. */
  take(): Item | undefined
  takeAll(): readonly Item[]
}

/** An empty queue. `kinds`: the order of the turns. */
export function createFairQueue<Kind extends string, Item>(kinds: readonly Kind[]): FairQueue<Kind, Item> {
  const items = new Map<Kind, Item[]>(kinds.map((kind) => [kind, []]))
  let turns = kinds
  return {
    length: (kind) => items.get(kind)?.length ?? 0,
    add: (kind, item) => items.get(kind)?.push(item),
    remove(kind, item) {
      const left = items.get(kind)?.filter((other) => other !== item)
      items.set(kind, left ?? [])
    },
    take() {
      const kind = turns.find((each) => items.get(each)?.[0] !== undefined)
      if (kind === undefined) {
        return undefined
      }
      const next = turns.indexOf(kind) + 1
      turns = [...turns.slice(next), ...turns.slice(0, next)]
      return items.get(kind)?.shift()
    },
    takeAll: () => [...items.values()].flatMap((queued) => queued.splice(0)),
  }
}
