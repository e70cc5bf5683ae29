// One AMI action, on a connection of its own: how other programs have Asterisk make calls.

import { connect } from 'node:net'
import { ACCESS, PORTS } from './place.ts'

/** Logs in and does it; resolves with what Asterisk said, rejects when it refused. */
export async function ami(action: Readonly<Record<string, string>>): Promise<string> {
  const socket = connect(PORTS.ami, '127.0.0.1')
  let said = ''
  const done = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`AMI said no more than: ${said}`)), 20_000)
    socket.on('error', reject)
    socket.on('data', (data) => {
      said += data
      if (!/ActionID: act\r\n[\s\S]*?\r\n\r\n/.test(said)) {
        return
      }
      clearTimeout(late)
      if (/Response: Error/.test(said)) {
        reject(new Error(`AMI refused: ${said}`))
      } else {
        resolve(said)
      }
    })
  })
  socket.write(message({ Action: 'Login', Username: ACCESS.user, Secret: ACCESS.password, Events: 'off' }))
  socket.write(message({ ...action, ActionID: 'act' }))
  return done.finally(() => socket.destroy())
}

function message(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return [...lines, '', ''].join('\r\n')
}
