// What the script of a page gets as JSON: charts by the names that the page's figures carry. Types alone, for
// both sides.

export interface PageData {
  readonly charts: Readonly<Record<string, Chart>>
  /** Evaluations that the page can show class by class, in the order of its list. */
  readonly snapshots: readonly string[]
  /** Per snapshot the recall of each class of the table, null where it was not measured. */
  readonly recalls: readonly (readonly (number | null)[])[]
}

export type Chart =
  | LinesChart
  | ClassesChart
  | ConfusionChart
  | CalibrationChart
  | DotsChart
  | HeatChart
  | ParallelChart

/** How numbers of an axis are written: shares in 0..1 as percent. */
export type Unit = 'share' | 'number' | 'seconds'

export interface LinesChart {
  readonly kind: 'lines'
  readonly unit: Unit
  /** The axis can be made logarithmic. */
  readonly log: boolean
  readonly lines: readonly {
    readonly name: string
    /** [epoch, value]. */
    readonly points: readonly (readonly [number, number])[]
    /** Position of its colour; lines of one thing share one. */
    readonly colour: number
    /** A run among those whose mean is drawn. */
    readonly faint?: boolean
    readonly dashed?: boolean
  }[]
}

/** Bars of class sizes with recalls below, classes in the order in which they are drawn. */
export interface ClassesChart {
  readonly kind: 'classes'
  readonly names: readonly string[]
  readonly real: readonly number[]
  readonly synthetic: readonly number[]
  /** Position of each class's group (many, medium, few), -1 for none. */
  readonly group: readonly number[]
  readonly groups: readonly string[]
  /** Per snapshot the recall of each class. */
  readonly recalls: readonly (readonly (number | null)[])[]
}

export interface ConfusionChart {
  readonly kind: 'confusion'
  readonly matrices: readonly {
    readonly snapshot: number
    readonly names: readonly string[]
    /** Position of the class in the order by real images. */
    readonly rank: readonly number[]
    /** Images of each class. */
    readonly images: readonly number[]
    /** [true class, predicted class, images], cells with images only. */
    readonly cells: readonly (readonly [number, number, number])[]
  }[]
}

export interface CalibrationChart {
  readonly kind: 'calibration'
  readonly bins: readonly {
    readonly snapshot: number
    readonly ece: number
    /** Of equal width; null where no image is in it. */
    readonly bins: readonly {
      readonly count: number
      readonly confidence: number | null
      readonly accuracy: number | null
    }[]
  }[]
}

/** A value of each class in each group. */
export interface DotsChart {
  readonly kind: 'dots'
  readonly unit: Unit
  readonly names: readonly string[]
  /** Bars where there is one series. */
  readonly series: readonly {
    readonly name: string
    readonly colour: number
    readonly values: readonly (number | null)[]
    /** Said beside a value. */
    readonly notes?: readonly string[]
  }[]
}

/** A mean for each pair of values of two params. */
export interface HeatChart {
  readonly kind: 'heat'
  readonly unit: Unit
  /** What the means are of. */
  readonly metric: string
  /** Small means are good: colours are turned round. */
  readonly minimize: boolean
  readonly columns: { readonly name: string; readonly values: readonly string[] }
  readonly rows: { readonly name: string; readonly values: readonly string[] }
  /** [column, row, mean, settings]. */
  readonly cells: readonly (readonly [number, number, number, number])[]
}

/** A line across one axis for each param, coloured by the last axis, the metric. */
export interface ParallelChart {
  readonly kind: 'parallel'
  readonly unit: Unit
  readonly metric: string
  readonly minimize: boolean
  readonly axes: readonly {
    readonly name: string
    /** Values of an axis without numbers, in order. */
    readonly values: readonly string[] | undefined
    readonly log: boolean
  }[]
  /** Per line a number or a position on each axis, then the metric. */
  readonly lines: readonly (readonly number[])[]
}
