// Fills the templates of etc/ and sipp/: `{{name}}` becomes the value of that name.
//
// Never leaves a pair of braces standing: a name that nobody knows is our own mistake and throws.

/** `text` with every `{{name}}` replaced; throws for a name that `values` lacks. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) {
      throw new Error(`A template asks for {{${name}}}, which nothing defines.`)
    }
    return String(value)
  })
}
