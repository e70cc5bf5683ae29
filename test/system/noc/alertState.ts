// When an alert fires, from when its expression was true: `for` and `keep_firing_for`, as Prometheus applies them.
//
// Pure; a step is one evaluation. Source: Prometheus' rules/alerting.go.

export interface Patience {
  /** Steps that the expression must have been true before the alert fires. */
  readonly forSteps: number
  /** Steps that it goes on firing after the expression was last seen false. */
  readonly keepFiringSteps: number
}

/** For each step whether the alert fires. */
export function firingSteps(active: readonly boolean[], { forSteps, keepFiringSteps }: Patience): readonly boolean[] {
  let activeSince: number | null = null
  let quietSince: number | null = null
  let firing = false
  return active.map((isActive, step) => {
    if (isActive) {
      activeSince ??= step
      quietSince = null
      firing ||= step - activeSince >= forSteps
      return firing
    }
    quietSince ??= step
    firing &&= step - quietSince < keepFiringSteps
    if (!firing) {
      activeSince = null
    }
    return firing
  })
}
