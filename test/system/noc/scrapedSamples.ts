// What Prometheus makes of a scrape: job, instance and time on each sample, and the scrape's own series.
//
// Always the same text: the metrics of the process are made up, because the real ones would describe the test process.
// Source of the names and labels of a scrape's own series: Prometheus' documentation of jobs and instances.

export interface StampOptions {
  /** `cluster`: the site; default: a Prometheus without sites. */
  readonly target: { readonly job: string; readonly instance: string; readonly cluster?: string }
  /** When the exporter's process began that answers at that instant, both in epoch seconds. */
  readonly processStartedAt: (at: number) => number
}

/** Puts job, instance and time on each sample, and the scrape's own series beside them; null: nobody answered. */
export function createStamper({
  target,
  processStartedAt,
}: StampOptions): (exposed: string | null, at: number) => string {
  const site = target.cluster === undefined ? '' : `cluster="${target.cluster}",`
  const labels = `${site}job="${target.job}",instance="${target.instance}"`
  const heads = new Map<string, string>()
  const head = (series: string): string => {
    const known = heads.get(series)
    if (known !== undefined) {
      return known
    }
    const brace = series.indexOf('{')
    const made =
      brace < 0 ? `${series}{${labels}} ` : `${series.slice(0, brace + 1)}${labels},${series.slice(brace + 1)} `
    heads.set(series, made)
    return made
  }
  return (exposed, at) => {
    const samples: string[] = []
    for (const line of (exposed ?? '').split('\n')) {
      if (line === '' || line.startsWith('#') || line.startsWith('process_') || line.startsWith('nodejs_')) {
        continue
      }
      const space = line.lastIndexOf(' ')
      samples.push(`${head(line.slice(0, space))}${line.slice(space + 1)} ${at}\n`)
    }
    const made = exposed === null ? [] : processSeries(exposed, { at, startedAt: processStartedAt(at) })
    for (const [series, value] of [...made, ...scrapeSeries(exposed, samples.length + made.length)]) {
      samples.push(`${head(series)}${value} ${at}\n`)
    }
    return samples.join('')
  }
}

function scrapeSeries(exposed: string | null, samples: number): readonly (readonly [string, number])[] {
  return [
    ['up', exposed === null ? 0 : 1],
    ['scrape_duration_seconds', exposed === null ? 10 : 0.004 + (samples % 7) / 1000],
    ['scrape_samples_scraped', samples],
    ['scrape_samples_post_metric_relabeling', samples],
    ['scrape_series_added', 0],
  ]
}

type Made = (upSeconds: number) => number

const MEGABYTE = 1024 * 1024
/** Bytes that come and go. */
const breathing =
  (low: number, high: number): Made =>
  (up) =>
    Math.round((low + ((up % 600) / 600) * (high - low)) * MEGABYTE)

/** The runtime's series that are of use to somebody: how a healthy process of that age looks. */
const PROCESS: Readonly<Record<string, Made>> = {
  process_cpu_user_seconds_total: (up) => up * 0.012,
  process_cpu_system_seconds_total: (up) => up * 0.003,
  process_cpu_seconds_total: (up) => up * 0.015,
  process_resident_memory_bytes: breathing(75, 95),
  process_virtual_memory_bytes: () => 1_100 * MEGABYTE,
  process_heap_bytes: breathing(90, 110),
  process_open_fds: () => 31,
  process_max_fds: () => 1_048_576,
  nodejs_eventloop_lag_seconds: (up) => 0.001 + (up % 60) / 60_000,
  nodejs_eventloop_lag_min_seconds: () => 0.0091,
  nodejs_eventloop_lag_max_seconds: (up) => 0.013 + (up % 90) / 30_000,
  nodejs_eventloop_lag_mean_seconds: () => 0.0101,
  nodejs_eventloop_lag_stddev_seconds: () => 0.0002,
  nodejs_eventloop_lag_p50_seconds: () => 0.0101,
  nodejs_eventloop_lag_p90_seconds: () => 0.0103,
  nodejs_eventloop_lag_p99_seconds: (up) => 0.0107 + (up % 60) / 60_000,
  nodejs_heap_size_total_bytes: breathing(34, 40),
  nodejs_heap_size_used_bytes: breathing(24, 34),
  nodejs_external_memory_bytes: () => 4 * MEGABYTE,
}

/** Of those above the ones that the exporter truly has, and when the process began. */
function processSeries(
  exposed: string,
  { at, startedAt }: { readonly at: number; readonly startedAt: number },
): [string, number][] {
  const made = Object.entries(PROCESS).filter(([name]) => exposed.includes(`\n${name} `))
  return [
    ['process_start_time_seconds', startedAt],
    ...made.map(([name, make]) => [name, make(at - startedAt)] as [string, number]),
  ]
}
