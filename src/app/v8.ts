// How V8 is to spend memory in a process that runs for months beside a PBX.
//
// Left alone, V8 lets the space for young objects grow from 1 MB to 32 MB in each thread as soon as a few calls overlap,
// and what lives a little longer piles up behind it. Measured at 10 calls a second: 190 MB without this, 135 MB with it, at
// the same CPU. Must be called before threads start and calls come.

import { setFlagsFromString } from 'node:v8'

/** The space for young objects stays as it began, in this thread and in those that start later. */
export function keepYoungSpaceSmall(): void {
  // Not --max-semi-space-size: set in a running process, that one is misread and has the opposite effect.
  setFlagsFromString('--semi-space-growth-factor=1')
}
