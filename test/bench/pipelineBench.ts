// The pipeline without sockets, against the least that leaves the same rows on disk.
//
// Each repetition is a process of its own, and both sides take turns.

import type { Benchmark, Context } from './context.ts'
import { ratios } from './figures.ts'
import { figuresOf } from './inProcess.ts'
import type { Figures } from './rows.ts'

export const pipelineBench: Benchmark = { name: 'pipeline', comparesWithBase: false, run }

async function run(context: Context): Promise<Figures> {
  const trace = await compare(context, 'trace')
  const lean = await compare(context, 'mix')
  return {
    'pipeline.trace.rate': trace.rates,
    'pipeline.trace.ratio': trace.ratios,
    'pipeline.lean.rate': lean.rates,
    'pipeline.lean.ratio': lean.ratios,
  }
}

interface Once {
  readonly cpuUs: number
  readonly seconds: number
  readonly frames: number
}

async function compare(context: Context, mix: 'trace' | 'mix') {
  const [rounds, calls] = context.quick ? [1, 1_500] : [3, mix === 'trace' ? 3_000 : 8_000]
  const pairs: { readonly ours: Once; readonly floor: Once }[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`pipeline: ${mix}, round ${round + 1} of ${rounds}`)
    pairs.push({ ours: await once(context, 'ours', [mix, calls]), floor: await once(context, 'floor', [mix, calls]) })
  }
  return {
    rates: pairs.map(({ ours }) => ours.frames / ours.seconds),
    ratios: ratios(pairs.map(({ ours, floor }) => ({ value: ours.cpuUs, floor: floor.cpuUs }))),
  }
}

function once(context: Context, kind: 'ours' | 'floor', load: readonly (string | number)[]): Promise<Once> {
  return figuresOf<Once>(context, 'pipelineRun.ts', [kind, ...load])
}
