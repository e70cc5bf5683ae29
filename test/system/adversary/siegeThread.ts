// The thread that one siege is made in.

import { parentPort, workerData } from 'node:worker_threads'
import { SIEGES } from './sieges.ts'

const { name, host, port }: { name: string; host: string; port: number } = workerData
parentPort?.postMessage(await SIEGES[name]?.act({ host, port }))
