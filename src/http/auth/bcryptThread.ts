// The program of the thread that computes bcrypt: one answer to each question, in the order of request.
//
// Knows nothing but the question. It is a thread because one check costs tens to hundreds of milliseconds, which the
// thread that listens to Asterisk does not have.

import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'
import type { Question } from './bcrypt.ts'

parentPort?.on('message', ({ password, hash }: Question) => {
  parentPort?.postMessage(compareSync(password, hash))
})
