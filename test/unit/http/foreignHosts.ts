// Host headers that the server must refuse, and paths of every kind to request with them.

export const FOREIGN_HOSTS: readonly string[] = [
  'evil.example',
  'evil.example:9745',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'pbx',
  'a b',
  '@',
  'x@localhost',
]

export const PATHS: readonly string[] = [
  '/',
  '/metrics',
  '/-/healthy',
  '/-/ready',
  '/api/calls',
  '/api/calls/active',
  '/client/main.js',
  '/nowhere',
]
