#!/usr/bin/env node
// The entry of the program: limits the growth of the heap, and only then loads everything else (cli/program.ts).
//
// V8 enlarges its heap while it loads modules and keeps that size: with the limit set after loading, the idle program takes 11 MB more.

import { limitHeapGrowth } from './process/v8.ts'

limitHeapGrowth()
const { runProgram } = await import('./cli/program.ts')
await runProgram(process.argv.slice(2))
