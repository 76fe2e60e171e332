// The numbers that an evaluation can measure, a row each: the language checks these names, and journal,
// metrics.csv, TensorBoard, reports, comparisons, sweeps, replays and the terminal show what a row says. How
// each is computed stands in runtime/run/loop/metrics.ts, which does not compile while one is missing.

export type Direction = 'maximize' | 'minimize'

export interface MetricRow {
  /** As people read it. */
  readonly label: string
  /** The same where there is room for more. */
  readonly title?: string
  /** A share, in 0..1 as data and in percent for people, or a number of any size. */
  readonly unit: 'share' | 'number'
  /** Which way is better. */
  readonly direction: Direction
  /**
   * The function of the language that asks for it: one of its own name and without arguments, another, or
   * none.
   */
  readonly by: 'name' | 'ece' | 'shots' | 'none'
  /** It is measured whether a file asks for it or not. */
  readonly always?: true
  /**
   * Where it is shown besides tables and data: in the line of an evaluation, as a tile at the head of a
   * report, in a report's chart of losses or accuracies. Groups of classes have places of their own.
   */
  readonly shown: readonly ('line' | 'tile' | 'losses' | 'accuracies')[]
  /** What it is, for the documentation of its function. */
  readonly doc?: string
}

// Columns and series stand in this order.
const table = {
  loss: {
    label: 'loss',
    unit: 'number',
    direction: 'minimize',
    by: 'none',
    always: true,
    shown: ['losses'],
  },
  top1: {
    label: 'top-1',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    always: true,
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The share of images whose highest logit is their label.',
  },
  top5: {
    label: 'top-5',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'accuracies'],
    doc: 'The share of images whose label is among the five highest logits.',
  },
  ece: {
    label: 'ECE',
    title: 'calibration error (ECE)',
    unit: 'share',
    direction: 'minimize',
    by: 'ece',
    shown: ['line', 'tile', 'accuracies'],
  },
  balanced_accuracy: {
    label: 'balanced accuracy',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The mean recall of the classes that the data has images of.',
  },
  macro_f1: {
    label: 'macro F1',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The mean over the classes that the data has images of of F1, the harmonic mean of precision and recall.',
  },
  geometric_mean: {
    label: 'geometric mean',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The geometric mean of the recalls of the classes that the data has images of; 0 where one of them is never recognized.',
  },
  worst_class: {
    label: 'worst class',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The lowest recall of a class that the data has images of.',
  },
  nll: {
    label: 'NLL',
    unit: 'number',
    direction: 'minimize',
    by: 'name',
    shown: ['line', 'tile'],
    doc: 'The mean negative log-likelihood of the labels, which is the loss on this data under the name that work on calibration has for it.',
  },
  auroc: {
    label: 'AUROC',
    unit: 'share',
    direction: 'maximize',
    by: 'name',
    shown: ['line', 'tile', 'accuracies'],
    doc: 'The area under the curve of true against false positives, each class with images against the rest, on its probability; the mean over these classes.',
  },
  many: { label: 'many', unit: 'share', direction: 'maximize', by: 'shots', shown: [] },
  medium: { label: 'medium', unit: 'share', direction: 'maximize', by: 'shots', shown: [] },
  few: { label: 'few', unit: 'share', direction: 'maximize', by: 'shots', shown: [] },
} as const satisfies Readonly<Record<string, MetricRow>>

type Table = typeof table
type NamesBy<By> = { [Name in keyof Table]: Table[Name]['by'] extends By ? Name : never }[keyof Table]

export type MetricName = keyof Table
/** Written as a bare name; such a metric may also choose the best epoch. */
export type PlainMetric = NamesBy<'name'>
/** Accuracy over a group of classes. */
export type GroupMetric = NamesBy<'shots'>
/** Measured in every evaluation. */
export type AlwaysMeasured = {
  [Name in MetricName]: Table[Name] extends { always: true } ? Name : never
}[MetricName]
/** Measured where a file asks for it. */
export type AskedMetric = Exclude<MetricName, AlwaysMeasured | GroupMetric>

export const metricTable: Readonly<Record<MetricName, MetricRow>> = table
export const plainTable: Readonly<Record<PlainMetric, { readonly doc: string }>> = table
export const metricNames: readonly MetricName[] = Object.keys(table).filter(isMetricName)
export const plainMetrics: readonly PlainMetric[] = metricNames.filter(isPlainMetric)
export const groupMetrics: readonly GroupMetric[] = metricNames.filter(isGroupMetric)
export const alwaysMeasured: readonly AlwaysMeasured[] = metricNames.filter(isAlwaysMeasured)
export const askedMetrics: readonly AskedMetric[] = metricNames.filter(isAskedMetric)

/** What is looked at where nobody says what: every evaluation has it. */
export const headline = 'top1' satisfies AlwaysMeasured

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(table, name)
}

export function isPlainMetric(name: string): name is PlainMetric {
  return isMetricName(name) && table[name].by === 'name'
}

export function isGroupMetric(name: MetricName): name is GroupMetric {
  return table[name].by === 'shots'
}

function isAlwaysMeasured(name: MetricName): name is AlwaysMeasured {
  return metricTable[name].always === true
}

function isAskedMetric(name: MetricName): name is AskedMetric {
  return !isAlwaysMeasured(name) && !isGroupMetric(name)
}

/** Something for each of some metrics, by name. */
export function byMetric<Name extends MetricName, T>(
  names: readonly Name[],
  make: (name: Name) => T,
): Readonly<Record<Name, T>> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>
}

/** The numbers that an evaluation gives whose `metrics` name these functions, in the order of the table. */
export function metricsAskedBy(functions: Iterable<string>): readonly MetricName[] {
  const asked = new Set(functions)
  return metricNames.filter((name) => {
    const { by } = metricTable[name]
    return isAlwaysMeasured(name) || asked.has(by === 'name' ? name : by)
  })
}

/** The same for a list to choose from: what is looked at most comes first. */
export function headlineFirst(names: Iterable<MetricName>): readonly MetricName[] {
  return [...new Set<MetricName>([headline, ...names])]
}

export function isBetter(metric: MetricName, value: number, than: number): boolean {
  return metricTable[metric].direction === 'maximize' ? value > than : value < than
}
