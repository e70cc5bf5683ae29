// The file of a module beside another one, for a thread that starts from it.

/** `name` without an extension, in the folder of `beside` (`import.meta.url`): a source when that is one, else its build. */
export function moduleFile(name: string, beside: string): URL {
  return new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside)
}
