// From measured calls to a profile: where the time of a training step goes, by line of the `.sau` file, by
// operation of the graph, and by kernel of the engine.
import type { Graph, Program } from '../../../compiler/graph/graph.js'
import type { Place, Plan } from '../../../compiler/plan/plan.js'
import type { KernelSpan, MeasuredCall } from '../../engines/engine.js'
import { type Part, partsOf } from './parts.js'
import { sharedTimes } from './shared-time.js'
import { type SourceReader, type SourceText, sourceReader } from './sources.js'

/**
 * profile.json. Milliseconds without another word are means over the profiled steps; shares are of the whole
 * step, in 0..1.
 */
export interface Profile {
  readonly profile: 1
  readonly title: string
  readonly engine: string
  readonly description: string
  readonly threads: number
  /** The entry of the program whose calls were measured. */
  readonly entry: string
  /** Calls before the profiled ones, and the profiled ones. */
  readonly warmUp: number
  readonly steps: number
  readonly step: {
    /** From the beginning of the call of the engine to its end: mean, fastest, slowest. */
    readonly milliseconds: number
    readonly fastest: number
    readonly slowest: number
    /** In which at least one kernel ran, and its share. */
    readonly kernels: number
    readonly coverage: number
    /** Share of the kernels' time that is mapped to a line. */
    readonly mapped: number
  }
  readonly lines: readonly LineTime[]
  readonly operations: readonly OperationTime[]
  readonly kernels: readonly KernelTime[]
  /** Kernels without a line: by their own kind, and the operation where one is known. */
  readonly unmapped: readonly KernelTime[]
}

interface Time {
  /** Kernels that ran in all profiled steps together. */
  readonly calls: number
  /** In all profiled steps together. */
  readonly totalMilliseconds: number
  readonly milliseconds: number
  readonly share: number
}

export interface LineTime extends Time {
  readonly file: string
  readonly line: number
  /** What stands there. */
  readonly text: string
  readonly forward: number
  readonly gradient: number
  readonly update: number
}

export interface OperationTime extends Time {
  /** Position in the graph of the entry (`saurun compile --emit graph` with the engine's layout). */
  readonly node: number
  readonly operation: string
  readonly part: Part
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
  /**
   * The kind of kernel that took the most of it: an engine may write an operation as several, or as another
   * one.
   */
  readonly kernel: string
  /** Mean of one kernel. */
  readonly meanMilliseconds: number
}

export interface KernelTime extends Time {
  readonly kernel: string
}

export interface MeasuredSteps {
  readonly plan: Plan
  readonly program: Program
  readonly entry: string
  readonly engine: string
  readonly description: string
  readonly threads: number
  readonly warmUp: number
  /** The profiled calls, without the warm-up. */
  readonly calls: readonly MeasuredCall[]
}

/** What one kernel of one step took, and what it was for. */
interface KernelRun extends KernelSpan {
  readonly milliseconds: number
  readonly place: Place | undefined
  readonly part: Part | undefined
}

/** `texts`: what the Plan was compiled from, the experiment first. */
export function profileOf(measured: MeasuredSteps, texts: readonly SourceText[]): Profile {
  const { plan, program, entry, calls, engine, description, threads, warmUp } = measured
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`the program has no entry ${entry}`)
  const source = sourceReader(texts)
  const runs = kernelRuns(graph, partsOf(graph, program.variables, plan.train.at), calls)
  const durations = calls.map((call) => call.milliseconds)
  const steps = calls.length
  const whole = sum(durations)
  const inKernels = sum(runs.map((run) => run.milliseconds))
  const inMapped = sum(runs.flatMap((run) => (run.place === undefined ? [] : [run.milliseconds])))
  const timeOf = (list: readonly KernelRun[]): Time => {
    const totalMilliseconds = sum(list.map((run) => run.milliseconds))
    return {
      calls: list.length,
      totalMilliseconds,
      milliseconds: totalMilliseconds / steps,
      share: totalMilliseconds / whole,
    }
  }
  const kernelTimes = (list: readonly KernelRun[]): readonly KernelTime[] =>
    groups(list, (run) => run.kernel).map((group) => ({ kernel: group[0].kernel, ...timeOf(group) }))
  return {
    profile: 1,
    title: plan.title,
    engine,
    description,
    threads,
    entry,
    warmUp,
    steps,
    step: {
      milliseconds: whole / steps,
      fastest: Math.min(...durations),
      slowest: Math.max(...durations),
      kernels: inKernels / steps,
      coverage: inKernels / whole,
      mapped: inKernels === 0 ? 0 : inMapped / inKernels,
    },
    lines: lineTimes(runs, source, timeOf),
    operations: groups(runs, ({ node }) => node).flatMap((group) =>
      operationTime(graph, group, source, timeOf(group)),
    ),
    kernels: kernelTimes(runs),
    unmapped: kernelTimes(runs.filter((run) => run.place === undefined)),
  }
}

function kernelRuns(
  graph: Graph,
  partOf: readonly Part[],
  calls: readonly MeasuredCall[],
): readonly KernelRun[] {
  return calls.flatMap(({ kernels }) => {
    const times = sharedTimes(kernels)
    return kernels.map((kernel, position) => ({
      ...kernel,
      milliseconds: (times[position] ?? 0) / 1000,
      place: kernel.node === undefined ? undefined : graph.nodes[kernel.node]?.at,
      part: kernel.node === undefined ? undefined : partOf[kernel.node],
    }))
  })
}

function lineTimes(
  runs: readonly KernelRun[],
  source: SourceReader,
  timeOf: (list: readonly KernelRun[]) => Time,
): readonly LineTime[] {
  const placed = groups(runs, ({ place }) =>
    place === undefined ? undefined : `${place.file}:${place.line}`,
  )
  return placed.flatMap((group) => {
    const [{ place }] = group
    if (place === undefined) return []
    const { file, line } = place
    const ofPart = (part: Part): number => timeOf(group.filter((run) => run.part === part)).milliseconds
    return [
      {
        file,
        line,
        text: source.line(place),
        ...timeOf(group),
        forward: ofPart('forward'),
        gradient: ofPart('gradient'),
        update: ofPart('update'),
      },
    ]
  })
}

function operationTime(
  graph: Graph,
  group: Group<KernelRun>,
  source: SourceReader,
  time: Time,
): readonly OperationTime[] {
  const [{ node: position, part, place }] = group
  const [[{ kernel }] = group] = groups(group, (run) => run.kernel)
  const operation = position === undefined ? undefined : graph.nodes[position]?.op
  if (position === undefined || operation === undefined || part === undefined) return []
  return [
    {
      node: position,
      operation,
      part,
      file: place?.file,
      line: place?.line,
      column: place === undefined ? undefined : source.column(place),
      kernel,
      ...time,
      meanMilliseconds: time.totalMilliseconds / time.calls,
    },
  ]
}

type Group<T> = readonly [T, ...T[]]

/** Runs of one key together, those of most time first; runs without a key are left out. */
function groups(
  runs: readonly KernelRun[],
  keyOf: (run: KernelRun) => string | number | undefined,
): readonly Group<KernelRun>[] {
  const found = new Map<string | number, [KernelRun, ...KernelRun[]]>()
  for (const run of runs) {
    const key = keyOf(run)
    if (key === undefined) continue
    const group = found.get(key)
    if (group === undefined) found.set(key, [run])
    else group.push(run)
  }
  return [...found.values()]
    .map((group) => ({ group, time: sum(group.map((run) => run.milliseconds)) }))
    .sort((a, b) => b.time - a.time)
    .map(({ group }) => group)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
