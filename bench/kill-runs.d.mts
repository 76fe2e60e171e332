export interface KillOrder {
  readonly kills: number
  readonly engine: string
  readonly seed: number
  readonly epochs: number
  /** An empty folder for the runs. */
  readonly folder: string
  readonly log?: ((line: string) => void) | undefined
}

export interface KillResult {
  readonly kills: number
  /** Runs that were begun and ended. */
  readonly runs: number
  /** Lives that ended with a checkpoint on request before the kill that was meant for them. */
  readonly stops: number
  /** How many kills fell where. */
  readonly fell: Readonly<Record<string, number>>
  /** What differed from the run that nobody touched. */
  readonly faults: readonly string[]
}

export declare const places: readonly string[]
export declare function killRuns(order: KillOrder): Promise<KillResult>
