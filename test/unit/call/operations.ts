// Counts how many elements of sets, maps and arrays a piece of code visits: the same on every machine and at every load.
//
// The iterators of the language, and the methods of arrays that take a function, are replaced while it runs. What is constant for an
// event is not counted, and needs no count. Time is never measured.

const ITERATED: readonly object[] = [new Set().values(), new Map().entries(), [].values()].map(
  (iterator): object => Reflect.getPrototypeOf(iterator) ?? {},
)
const METHODS = ['every', 'filter', 'find', 'flatMap', 'forEach', 'map', 'reduce', 'some', 'sort'] as const

type Callable = (...given: unknown[]) => unknown

/** How many elements were visited while `run` ran. */
export function operationsOf(run: () => void): number {
  let count = 0
  const undo: (() => void)[] = []
  const replace = (owner: object, name: string, make: (original: Callable) => Callable): void => {
    const original: Callable = Reflect.get(owner, name)
    Reflect.set(owner, name, make(original))
    undo.push(() => Reflect.set(owner, name, original))
  }
  for (const owner of ITERATED) {
    replace(
      owner,
      'next',
      (original) =>
        function next(this: unknown) {
          count += 1
          return Reflect.apply(original, this, [])
        },
    )
  }
  for (const name of METHODS) {
    replace(
      Array.prototype,
      name,
      (original) =>
        function method(this: unknown, look: unknown, ...more: unknown[]) {
          if (typeof look !== 'function') {
            return Reflect.apply(original, this, [look, ...more])
          }
          const counted: Callable = (...given) => {
            count += 1
            return Reflect.apply(look, undefined, given)
          }
          return Reflect.apply(original, this, [counted, ...more])
        },
    )
  }
  try {
    run()
  } finally {
    for (const one of undo) {
      one()
    }
  }
  return count
}
