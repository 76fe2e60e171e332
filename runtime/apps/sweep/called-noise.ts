// What label correction did in the settings of a sweep: of the synthetic images of each class that passed in
// the last epoch, the share that it called noise, as the mean over finished seeds.
import { type Summary, summary } from '../comparison/statistics.js'
import type { SettingRuns } from './results.js'

/** What one `correct` of a file did. Shares are in 0..1. */
export interface CalledNoise {
  readonly branch: string
  /** Of all synthetic images. */
  readonly share: Summary
  /** In the order of the classes; no summary where no synthetic image of the class passed. */
  readonly classes: readonly { readonly name: string; readonly share: Summary | undefined }[]
}

/** One for each `correct` of the file; none where nothing is finished or nothing is corrected. */
export function calledNoise({ runs }: SettingRuns): readonly CalledNoise[] {
  const finished = runs.flatMap(({ view: { state, status } }) =>
    state === 'done' && status !== undefined ? [status.view] : [],
  )
  const classes = finished[0]?.started?.classes ?? []
  const sites = finished[0]?.corrections ?? []
  return sites.flatMap(({ branch }, site) => {
    const corrections = finished.flatMap((run) => run.corrections[site] ?? [])
    const share = summaryOf(corrections)
    if (share === undefined) return []
    const perClass = classes.map(({ name }, position) => ({
      name,
      share: summaryOf(corrections.flatMap((correction) => correction.perClass[position] ?? [])),
    }))
    return [{ branch, share, classes: perClass }]
  })
}

function summaryOf(
  counts: readonly { readonly synthetic: number; readonly calledNoise: number }[],
): Summary | undefined {
  const shares = counts.flatMap(({ synthetic, calledNoise: noise }) =>
    synthetic > 0 ? [noise / synthetic] : [],
  )
  return shares.length === 0 ? undefined : summary(shares)
}
