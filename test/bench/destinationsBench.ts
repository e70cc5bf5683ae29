// What destinations cost: processor time of a call with them and without; and how much of it is the library that classes numbers.
//
// "Without" is this benchmark's own: the tracker is not told how to class numbers, or that all are national. The program cannot switch it off.

import type { Benchmark, Context } from './context.ts'
import { median } from './figures.ts'
import { callBackLoad } from './frames.ts'
import { figuresOf } from './inProcess.ts'
import type { Figures } from './rows.ts'
import { cpuSideBySide } from './sideBySide.ts'

export const destinationsBench: Benchmark = { name: 'destinations', comparesWithBase: false, run }

interface Once {
  readonly ratio: number
  readonly withoutUs: number
}

async function run(context: Context): Promise<Figures> {
  const [library, all] = [await compare(context, 'library'), await compare(context, 'all')]
  const costUs = median(library.map(({ ratio, withoutUs }) => withoutUs * (ratio - 1)))
  const program = await programUs(context)
  return {
    'destinations.program.cpu': program,
    'destinations.program.ratio': program.map((us) => us / (us - costUs)),
    'destinations.cpu': [...library, ...all].map(({ withoutUs }) => withoutUs),
    'destinations.library': library.map(({ ratio }) => ratio),
    'destinations.all': all.map(({ ratio }) => ratio),
  }
}

/** CPU of a call (µs) of the whole program under a steady load over the socket, as a busy PBX makes it. */
async function programUs(context: Context): Promise<readonly number[]> {
  const [rounds, calls] = context.quick ? [1, 400] : [2, 2_000]
  const load = {
    warmUp: [() => callBackLoad('real', calls * 2, 1)],
    measured: [() => callBackLoad('real', calls, 2)],
  }
  const found: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`destinations: the program, round ${round + 1} of ${rounds}`)
    found.push(...(await cpuSideBySide(context, [context.checkout], load)))
  }
  return found
}

async function compare(context: Context, part: 'library' | 'all'): Promise<readonly Once[]> {
  const [rounds, calls] = context.quick ? [1, 1_500] : [3, 6_000]
  const found: Once[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`destinations: ${part}, round ${round + 1} of ${rounds}`)
    found.push(await figuresOf<Once>(context, 'destinationsRun.ts', [part, calls]))
  }
  return found
}
