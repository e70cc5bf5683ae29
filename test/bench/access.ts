// The name and password of the simulated PBX, which open nothing else.

export const ACCESS = { user: 'bench', password: 'bench' } as const
