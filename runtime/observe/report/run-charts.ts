// A run's charts: which curves, bars and matrices its journal holds.
import { isBetter, metricNames, metricTable, type PlainMetric } from '../../../compiler/plan/metric-table.js'
import {
  type ConfusionMatrix,
  imagesOf,
  recallsOf as recallsOfMatrix,
} from '../../run/journal/confusion-matrix.js'
import type { Evaluated } from '../../run/journal/events.js'
import { metricValues } from '../../run/journal/metric-values.js'
import { classesBySize } from '../../run/view/run-view.js'
import { metricTitle } from '../text/metric-text.js'
import type { RunMaterial } from './material.js'
import type { Chart, LinesChart, PageData } from './page-data.js'
import { type CurvePoint, short, thinned } from './thinning.js'

/** An evaluation that the page shows class by class. */
export interface Snapshot {
  readonly label: string
  /** Position of the evaluation in the Plan. */
  readonly evaluation: number
  readonly event: Evaluated
  readonly confusion: ConfusionMatrix | undefined
}

export interface RunPageData extends PageData {
  readonly charts: Readonly<Record<string, Chart>>
}

/** The best epoch where the file chooses one, and the last, of each evaluation. */
export function snapshotsOf({ history, plan, confusionOf }: RunMaterial): readonly Snapshot[] {
  return history.evaluations.flatMap((events, evaluation) => {
    const last = events.at(-1)
    if (last === undefined) return []
    const named = (event: Evaluated, what: string): Snapshot => ({
      label: `${event.dataset}, ${what} (epoch ${event.epoch + 1})`,
      evaluation,
      event,
      confusion: confusionOf(event),
    })
    const by = plan.evaluations[evaluation]?.best?.metric
    if (by === undefined) return [named(last, 'last evaluation')]
    const best = bestOf(events, by)
    const chosen = named(best, `best ${metricTitle(by)}`)
    return best === last ? [chosen] : [chosen, named(last, 'last evaluation')]
  })
}

/** The first with the best value, as the run chose. */
function bestOf(events: readonly Evaluated[], by: PlainMetric): Evaluated {
  const value = (event: Evaluated): number => event[by] ?? Number.NaN
  return events.reduce((best, event) =>
    isBetter(by, value(event), value(best)) || Number.isNaN(value(best)) ? event : best,
  )
}

/** Classes of the training data in the order of the table: most real images first. */
export function classOrder({ history }: RunMaterial): readonly number[] {
  return classesBySize(history.started?.classes ?? [])
}

/** Recall of each class of the training data, by name: an evaluation may be of data in another order. */
export function recallsOf(
  material: RunMaterial,
  { evaluation, event: { perClass }, confusion }: Snapshot,
): readonly (number | null)[] {
  const names = classNames(material, evaluation)
  const measured = perClass ?? (confusion === undefined ? undefined : recallsOfMatrix(confusion))
  const byName = new Map(names.map((name, c) => [name, measured?.[c] ?? null]))
  return (material.history.started?.classes ?? []).map(({ name }) => byName.get(name) ?? null)
}

function classNames({ plan }: RunMaterial, evaluation: number): readonly string[] {
  return plan.datasets[plan.evaluations[evaluation]?.dataset ?? -1]?.classes ?? []
}

export function runPageData(material: RunMaterial): RunPageData {
  const snapshots = snapshotsOf(material)
  const order = classOrder(material)
  const recalls = snapshots.map((snapshot) =>
    recallsOf(material, snapshot).map((value) => (value === null ? null : short(value))),
  )
  const charts: Record<string, Chart> = {
    losses: losses(material),
    accuracies: accuracies(material),
    shots: shots(material),
    classes: classSizes(material, order, recalls),
    confusion: confusions(material, snapshots),
    calibration: calibrations(snapshots),
    correction: correction(material),
    corrected: correctedClasses(material, order),
    seconds: seconds(material),
    speed: speed(material),
  }
  return {
    charts: Object.fromEntries(Object.entries(charts).filter(([, chart]) => !isEmpty(chart))),
    snapshots: snapshots.map(({ label }) => label),
    recalls,
  }
}

function isEmpty(chart: Chart): boolean {
  switch (chart.kind) {
    case 'lines':
      return chart.lines.every(({ points }) => points.length === 0)
    case 'classes':
      return chart.names.length === 0
    case 'confusion':
      return chart.matrices.length === 0
    case 'calibration':
      return chart.bins.length === 0
    case 'dots':
      return chart.series.length === 0
    case 'heat':
      return chart.cells.length === 0
    case 'parallel':
      return chart.lines.length === 0
  }
}

type Line = LinesChart['lines'][number]

function lines(unit: LinesChart['unit'], log: boolean, drawn: readonly Line[]): LinesChart {
  return { kind: 'lines', unit, log, lines: drawn.filter(({ points }) => points.length > 0) }
}

function line(name: string, colour: number, points: readonly CurvePoint[], dashed = false): Line {
  return { name, colour, points: thinned(points), ...(dashed ? { dashed } : {}) }
}

function losses({ history }: RunMaterial): LinesChart {
  const { started, steps, epochsDone, evaluations } = history
  const perEpoch = Math.max(1, started?.stepsPerEpoch ?? 1)
  // The middle of the steps that a mean stands for. Journals without them have epochs.
  const means =
    steps.length > 0
      ? steps.map((event) => ({ ...event, x: (event.step + 1 - event.steps / 2) / perEpoch }))
      : epochsDone.map((event) => ({ ...event, x: event.epoch + 0.5 }))
  const names = started?.losses ?? []
  const trained = names.map((name, i) =>
    line(
      name,
      i + 1,
      means.map((event) => [event.x, event.losses[i] ?? Number.NaN]),
    ),
  )
  const objective = line(
    'objective',
    0,
    means.map((event) => [event.x, event.loss]),
  )
  return lines('number', true, [objective, ...trained, ...measured(evaluations, 'losses', names.length + 1)])
}

function accuracies({ history: { evaluations } }: RunMaterial): LinesChart {
  return lines('share', false, measured(evaluations, 'accuracies', 0))
}

/** Curves of the metrics that a chart shows, evaluation by evaluation; what is better small is dashed. */
function measured(
  evaluations: RunMaterial['history']['evaluations'],
  chart: 'losses' | 'accuracies',
  firstColour: number,
): readonly Line[] {
  const shown = metricNames.filter((name) => metricTable[name].shown.includes(chart))
  const curves = evaluations.flatMap((events) => {
    const values = events.map((event) => [event.epoch + 1, metricValues(event)] as const)
    return shown
      .filter((metric) => values.some(([, measured]) => measured.has(metric)))
      .map((metric) => ({
        name: `${events[0]?.dataset ?? ''} ${metricTitle(metric)}`,
        points: values.map(([x, measured]): CurvePoint => [x, measured.get(metric) ?? Number.NaN]),
        dashed: metricTable[metric].direction === 'minimize',
      }))
  })
  return curves.map(({ name, points, dashed }, i) => line(name, firstColour + i, points, dashed))
}

/** The first two are those of real and synthetic images, as in the bars of the classes. */
const firstGroupColour = 2

function shots({ history }: RunMaterial): LinesChart {
  const isOnly =
    history.evaluations.filter((events) => events.some(({ shots }) => shots !== undefined)).length === 1
  const drawn = history.evaluations.flatMap((events, i) => {
    const groups = history.started?.evaluations[i]?.groups ?? []
    return groups.map(({ name }, group) =>
      line(
        isOnly ? name : `${events[0]?.dataset ?? ''} ${name}`,
        firstGroupColour + group,
        events.map((event) => [
          event.epoch + 1,
          event.shots?.find((shot) => shot.name === name)?.accuracy ?? Number.NaN,
        ]),
        i % 2 === 1,
      ),
    )
  })
  return lines('share', false, drawn)
}

function classSizes(
  material: RunMaterial,
  order: readonly number[],
  recalls: readonly (readonly (number | null)[])[],
): Chart {
  const classes = material.history.started?.classes ?? []
  const groups = groupsOf(material)
  return {
    kind: 'classes',
    names: order.map((c) => classes[c]?.name ?? ''),
    real: order.map((c) => classes[c]?.real ?? 0),
    synthetic: order.map((c) => classes[c]?.synthetic ?? 0),
    group: order.map((c) => groups.findIndex((group) => group.classes.includes(c))),
    groups: groups.map(({ name, rule }) => `${name} (${rule})`),
    recalls: recalls.map((values) => order.map((c) => values[c] ?? null)),
  }
}

/** Groups of the first evaluation that has some. */
export function groupsOf({ history }: RunMaterial) {
  return history.started?.evaluations.find(({ groups }) => groups.length > 0)?.groups ?? []
}

function confusions(material: RunMaterial, snapshots: readonly Snapshot[]): Chart {
  const real = new Map((material.history.started?.classes ?? []).map(({ name, real }) => [name, real]))
  return {
    kind: 'confusion',
    matrices: snapshots.flatMap(({ confusion, evaluation }, snapshot) => {
      if (confusion === undefined) return []
      const names = classNames(material, evaluation)
      const order = names
        .map((_, c) => c)
        .sort((a, b) => (real.get(names[b] ?? '') ?? 0) - (real.get(names[a] ?? '') ?? 0) || a - b)
      const rank = names.map(() => 0)
      for (const [place, c] of order.entries()) rank[c] = place
      return [
        {
          snapshot,
          names,
          rank,
          images: imagesOf(confusion),
          cells: confusion.cells,
        },
      ]
    }),
  }
}

function calibrations(snapshots: readonly Snapshot[]): Chart {
  return {
    kind: 'calibration',
    bins: snapshots.flatMap(({ event: { ece, calibration } }, snapshot) =>
      ece === undefined || calibration === undefined ? [] : [{ snapshot, ece, bins: calibration }],
    ),
  }
}

function correction({ history: { epochsDone } }: RunMaterial): LinesChart {
  const sites = Math.max(0, ...epochsDone.map(({ corrections }) => corrections.length))
  const drawn = Array.from({ length: sites }, (_, site) => {
    const branch =
      epochsDone.find(({ corrections }) => corrections.length > site)?.corrections[site]?.branch ?? ''
    const of = (name: string, colour: number, value: (epoch: number) => number | null | undefined) =>
      line(
        sites === 1 ? name : `${branch} ${name}`,
        3 * site + colour,
        epochsDone.map((event, i) => [event.epoch + 1, value(i) ?? Number.NaN]),
        colour > 0,
      )
    const at = (i: number) => epochsDone[i]?.corrections[site]
    return [
      of('called noise', 0, (i) => share(at(i)?.calledNoise, at(i)?.synthetic)),
      of('precision on planted noise', 1, (i) => at(i)?.planted?.precision),
      of('recall of planted noise', 2, (i) => at(i)?.planted?.recall),
    ]
  }).flat()
  return lines('share', false, drawn)
}

function correctedClasses({ history }: RunMaterial, order: readonly number[]): Chart {
  const classes = history.started?.classes ?? []
  const last = history.epochsDone.at(-1)?.corrections ?? []
  return {
    kind: 'dots',
    unit: 'share',
    names: order.map((c) => classes[c]?.name ?? ''),
    series: last.map(({ branch, perClass }, site) => ({
      name: branch,
      colour: site,
      values: order.map((c) => share(perClass[c]?.calledNoise, perClass[c]?.synthetic) ?? null),
      notes: order.map((c) => `${perClass[c]?.calledNoise ?? 0} of ${perClass[c]?.synthetic ?? 0}`),
    })),
  }
}

export function share(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole
}

function seconds({ history: { epochsDone, evaluations } }: RunMaterial): LinesChart {
  return lines('seconds', false, [
    line(
      'training',
      0,
      epochsDone.map((event) => [event.epoch + 1, event.seconds]),
    ),
    ...evaluations.map((events, i) =>
      line(
        `evaluation on ${events[0]?.dataset ?? ''}`,
        i + 1,
        events.map((event) => [event.epoch + 1, event.seconds]),
        true,
      ),
    ),
  ])
}

function speed({ history: { epochsDone } }: RunMaterial): LinesChart {
  return lines('number', false, [
    line(
      'samples/s',
      0,
      epochsDone.map((event) => [event.epoch + 1, event.samplesPerSecond]),
    ),
  ])
}
