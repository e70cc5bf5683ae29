// What destinations cost: processor time of a call with them and without.
//
// "Without" is this benchmark's own: the tracker is not told how to class numbers. The program cannot switch it off.

import type { Benchmark, Context } from './context.ts'
import { figuresOf } from './inProcess.ts'
import type { Figures } from './rows.ts'

export const destinationsBench: Benchmark = { name: 'destinations', comparesWithBase: false, run }

interface Once {
  readonly ratio: number
  readonly withoutUs: number
}

async function run(context: Context): Promise<Figures> {
  const [rounds, calls] = context.quick ? [1, 1_500] : [3, 6_000]
  const found: Once[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`destinations: round ${round + 1} of ${rounds}`)
    found.push(await figuresOf<Once>(context, 'destinationsRun.ts', [calls]))
  }
  return {
    'destinations.cpu': found.map(({ withoutUs }) => withoutUs),
    'destinations.ratio': found.map(({ ratio }) => ratio),
  }
}
