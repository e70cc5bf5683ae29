// The worker thread that computes bcrypt: answers each check with true or false, in the order of arrival.
//
// A thread, because one check takes tens to hundreds of milliseconds, during which the main thread could not read events of
// Asterisk.

import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'
import type { PasswordCheck } from './bcrypt.ts'

parentPort?.on('message', ({ password, hash }: PasswordCheck) => {
  parentPort?.postMessage(compareSync(password, hash))
})
