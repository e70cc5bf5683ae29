// The file of a module, for starting a thread from it.

/** Module `name` (without extension) in the folder of `beside`, an `import.meta.url`: `.ts` if `beside` is a source, else `.js`. */
export function moduleFile(name: string, beside: string): URL {
  return new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside)
}
