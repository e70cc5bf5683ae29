// Reads Prometheus' text format, as far as the tests need it: names, labels, values.
//
// Independent of the exporter's code, so that the tests compare what a scraper would get.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Every sample of a text exposition; throws on a line that is not a sample. */
export function samplesOf(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
    if (parts === null) {
      throw new Error(`Not a sample: ${line}`)
    }
    const pairs = (parts[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
    const labels = Object.fromEntries([...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? '']))
    return { name: parts[1] ?? '', labels, value: Number(parts[3]) }
  })
}

/** The sum over the samples of that name whose labels include `labels`; 0 when there is none. */
export function total(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels)
  return samples
    .filter((sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, sample) => sum + sample.value, 0)
}

/** Everything that may only rise as long as the call log exists: counters and histograms of calls, by name and labels. */
export function risingOf(samples: readonly Sample[]): Map<string, number> {
  const rising = samples.filter(({ name }) =>
    /^asterisk_(calls|missed_calls|call_\w+)_(total|count|sum|bucket)$/.test(name),
  )
  return new Map(rising.map((sample) => [`${sample.name}${JSON.stringify(sample.labels)}`, sample.value]))
}
