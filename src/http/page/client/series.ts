// The series of key figures that the charts show, as the API answers them. Types only.

interface Figures {
  readonly calls: number
  readonly answered: number
  readonly missed: number
  readonly other: number
}

export interface TimeEntry extends Figures {
  readonly start: string
}

export interface WeekEntry extends Figures {
  /** 1: Monday. */
  readonly weekday: number
  readonly hour: number
}

export interface WaitingEntry extends Figures {
  readonly from_seconds: number
  readonly to_seconds: number | null
}

/** The three series of the charts. */
export interface Charted {
  readonly time: readonly TimeEntry[]
  readonly week: readonly WeekEntry[]
  readonly waiting: readonly WaitingEntry[]
}
