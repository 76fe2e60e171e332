// What a run writes down: one JSON object a line in journal.jsonl, appended, never changed. The terminal UI,
// the plain and JSON output and later the report are readers of it. Times are milliseconds since 1970; epochs
// and steps count from 0 (`step` over the whole run); accuracies and shares are in 0..1.
import type { AlwaysMeasured, AskedMetric } from '../../../compiler/plan/metric-table.js'

export type JournalEvent = { readonly time: number } & (
  | RunStarted
  | DataReady
  | DataDrawn
  | EngineReady
  | PhaseStarted
  | StepsDone
  | EpochDone
  | Evaluated
  | CheckpointWritten
  | Profiled
  | Warned
  | Advised
  | Commanded
  | Extended
  | RunEnded
)

/** First line of a run, and of every resumption. */
export interface RunStarted {
  readonly event: 'run_started'
  /** Folder name of the run. */
  readonly run: string
  readonly title: string
  readonly file: string
  readonly planHash: string
  readonly program: string
  readonly pid: number
  readonly host: string
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly batch: number
  readonly parameters: number
  /** `branch.name` in order of declaration. */
  readonly losses: readonly string[]
  readonly params: Readonly<Record<string, string | number | boolean>>
  /** The data behind the first stream. */
  readonly classes: readonly { readonly name: string; readonly real: number; readonly synthetic: number }[]
  readonly evaluations: readonly {
    readonly dataset: string
    readonly metrics: readonly string[]
    readonly groups: readonly {
      readonly name: string
      readonly rule: string
      readonly classes: readonly number[]
    }[]
    readonly best: string | undefined
  }[]
  /** Where it goes on, when it is a resumption. */
  readonly resumed: { readonly epoch: number; readonly step: number; readonly checkpoint: string } | undefined
  /** The run whose checkpoint this one began from, and after how many steps of it. */
  readonly forkedFrom?: { readonly run: string; readonly step: number } | undefined
  readonly warnings: readonly string[]
}

/**
 * The data is there: so much of it in memory, decoded, and the rest to be decoded each time that it is drawn.
 */
export interface DataReady {
  readonly event: 'data_ready'
  /** Images in memory, and their bytes. */
  readonly held: number
  readonly heldBytes: number
  /** Images that are decoded when they are drawn. */
  readonly streamed: number
  /** Bytes that were allowed. */
  readonly budget: number
  readonly seconds: number
}

/** The long-tailed draws, once the data was read; not written where there is none. */
export interface DataDrawn {
  readonly event: 'data_drawn'
  readonly draws: readonly {
    readonly dataset: string
    readonly images: number
    /** How many of them are different, where some were drawn again. */
    readonly different?: number
    readonly sha256: string
  }[]
}

export interface EngineReady {
  readonly event: 'engine_ready'
  readonly engine: string
  readonly description: string
  readonly threads: number
  readonly seconds: number
}

export interface PhaseStarted {
  readonly event: 'phase_started'
  readonly phase: 'profile' | 'data' | 'compile' | 'memory' | 'train' | 'evaluate' | 'checkpoint'
  readonly epoch: number
  readonly name: string | undefined
}

/** Means over the steps since the event before; at most about four a second. */
export interface StepsDone {
  readonly event: 'steps_done'
  readonly epoch: number
  /** Last step done, over the whole run. */
  readonly step: number
  readonly steps: number
  readonly loss: number
  /** In the order of `RunStarted.losses`. */
  readonly losses: readonly number[]
  readonly rate: number
  readonly samplesPerSecond: number
  /** Share of the time in which the engine waited for data. */
  readonly dataWait: number
  /** Resident set of the process, bytes. */
  readonly memory: number
}

export interface EpochDone {
  readonly event: 'epoch_done'
  readonly epoch: number
  readonly step: number
  readonly loss: number
  readonly losses: readonly number[]
  readonly rate: number
  readonly seconds: number
  readonly samplesPerSecond: number
  /** One per `correct` of the file. */
  readonly corrections: readonly Correction[]
}

/** What label correction did in one epoch, counted over the synthetic samples that passed. */
export interface Correction {
  readonly branch: string
  readonly synthetic: number
  readonly calledNoise: number
  readonly perClass: readonly { readonly synthetic: number; readonly calledNoise: number }[]
  /**
   * Where noise was planted: of what was called noise how much is, and of what is noise how much was called
   * so.
   */
  readonly planted:
    | {
        readonly truePositives: number
        readonly noisy: number
        /** Null where nothing was called noise. */
        readonly precision: number | null
        /** Null where no noise passed. */
        readonly recall: number | null
      }
    | undefined
}

/** Numbers of an evaluation, each under its name; groups of classes have a list of their own. */
type MetricValues = Readonly<Record<AlwaysMeasured, number>> &
  Readonly<Partial<Record<AskedMetric, number | undefined>>>

export interface Evaluated extends MetricValues {
  readonly event: 'evaluated'
  readonly epoch: number
  /** Position in `RunStarted.evaluations`. */
  readonly evaluation: number
  readonly dataset: string
  readonly count: number
  /**
   * What `ece` is the mean of, bins of equal width from confidence 0 to 1. Not there in journals of older
   * versions.
   */
  readonly calibration?: readonly CalibrationBin[] | undefined
  /** Recall of each class, in class order; null where the data has no image of it. */
  readonly perClass: readonly (number | null)[] | undefined
  /**
   * Where the counts by true and predicted class lie: at thousands of classes they are too many for a line.
   */
  readonly confusion: ConfusionPlace | undefined
  /** Mean accuracy of the images of the group's classes; null where there are none. */
  readonly shots: readonly GroupAccuracy[] | undefined
  readonly seconds: number
}

/** Where a confusion matrix lies in the run folder. */
export interface ConfusionPlace {
  /**
   * `confusions.jsonl`, of which it is a line; or the journal itself, in whose line it stood before 0.5.0:
   * whoever reads that line gets this in its stead.
   */
  readonly file: string
  /** The first byte, and how many; without a newline. */
  readonly offset: number
  readonly bytes: number
  /** Hex SHA-256 of these bytes; none of a matrix in the journal. */
  readonly sha256?: string
}

/** Classes of about as many training images, taken together. */
export interface GroupAccuracy {
  readonly name: string
  readonly accuracy: number | null
  readonly classes: number
  /** How many of the classes the data has images of, where it lacks some. */
  readonly measured?: number
}

/** The images whose predicted class has a probability inside the bin. */
export interface CalibrationBin {
  readonly count: number
  /**
   * Mean of that probability, and share of images whose predicted class is right; null where the bin is
   * empty.
   */
  readonly confidence: number | null
  readonly accuracy: number | null
}

export interface CheckpointWritten {
  readonly event: 'checkpoint_written'
  readonly epoch: number
  readonly step: number
  readonly path: string
  readonly bytes: number
  readonly seconds: number
  readonly kept: readonly ('last' | 'best')[]
}

/** Some steps were profiled, in a process of their own. */
export interface Profiled {
  readonly event: 'profiled'
  /** The profile for people, in the run folder; profile.json lies beside it. */
  readonly path: string
  readonly engine: string
  readonly steps: number
  /** Mean of a step. */
  readonly milliseconds: number
  /** Share of the step in which kernels ran, and of the kernels' time what is mapped to lines. */
  readonly coverage: number
  readonly mapped: number
  /** Those that take the most, milliseconds a step. */
  readonly lines: readonly {
    readonly file: string
    readonly line: number
    readonly text: string
    readonly milliseconds: number
    readonly share: number
  }[]
}

export interface Warned {
  readonly event: 'warned'
  readonly code: string | undefined
  readonly message: string
}

/** Something worth knowing that is no fault, at most once a run: in journals of versions before 0.5.0. */
export interface Advised {
  readonly event: 'advised'
  readonly message: string
}

/** A command that the run took from its command file or a signal. */
export interface Commanded {
  readonly event: 'commanded'
  readonly command: 'stop' | 'stop_now' | 'pause' | 'continue' | 'evaluate' | 'extend'
  /** Of `extend`: how many more. */
  readonly epochs?: number
  readonly by: string
}

/** The run has more epochs from now on; its Plan is another one. */
export interface Extended {
  readonly event: 'extended'
  readonly epochs: number
  readonly before: number
  /** The first step that it counts for. Not there in journals of older versions. */
  readonly step?: number
  readonly planHash: string
}

export interface RunEnded {
  readonly event: 'run_ended'
  readonly outcome: 'done' | 'stopped' | 'failed' | 'diverged'
  readonly exitCode: number
  readonly code: string | undefined
  readonly message: string
  readonly help: string | undefined
  readonly epoch: number
  readonly step: number
  readonly seconds: number
  readonly peakMemory: number
}
