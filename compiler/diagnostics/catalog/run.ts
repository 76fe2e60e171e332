// SAU7xxx: what can go wrong while a run is prepared or running. SAU8xxx: data that turns out wrong when it is read.
// These are reported by the runner as typed errors whose sentences name what happened; here stands what each code means.

export interface RunEntry {
  readonly title: string
}

export const runEntries: Readonly<Record<`SAU7${string}` | `SAU8${string}`, RunEntry>> = {
  // ---- data, as a run reads it ----
  SAU8001: { title: 'data is not there' },
  SAU8002: { title: 'data is not in the format that is read' },
  SAU8003: { title: 'a label out of range' },
  SAU8004: { title: 'a class without an image' },
  SAU8005: { title: 'an image does not decode' },
  SAU8006: { title: 'the data has changed' },
}
