// What a pool does about its runs, whatever happens in whatever order: one table from what it knows of a run
// and what it hears to what it knows then and what is to be done. Nothing here reads, starts or writes;
// pool.ts does as this says.
//
// A run leaves three traces, which end one after the other: its journal with `run_ended`, then, once its
// report is written, the owner that its folder names, then its process. A process that is killed leaves an
// owner that is dead and a journal without an end. None of them decides alone, and the order in which they
// are read counts:
// - a run is over once its process is gone (of an adopted run: its owner) and its journal was read to the end
//   after that;
// - it died only where the journal has no end then, nobody owns it, and no line has come from one look to the
//   next: somebody else may have taken it up, and even have ended it, in between;
// - a run is adopted only where its owner lives and the journal, read after that, has no end.
import { exitCodes } from '../../platform/errors.js'
import type { RunEnded } from '../../run/journal/events.js'
import type { InstanceEnded, InstanceStarted } from './events.js'
import { died, type EndedRun, isBroken, isWorthAnotherTry, tookTooLong } from './failures.js'
import { type InstanceState, isFailure } from './state.js'

export type Ending = Pick<RunEnded, 'exitCode' | 'code' | 'message'>

/** What this pool told a run to stop for. */
export type Reason = 'stop' | 'prune' | 'time'

/** States of a run in which a pool may take it up, as the sweep's folder had it when it was read last. */
export type OpenState = Extract<InstanceState, 'waiting' | 'running' | 'stopped' | 'died'>

/**
 * The end of a run's journal: no folder, a last session that goes on (or none yet), or one that has ended.
 */
export type JournalEnd =
  | { readonly session: 'none' }
  /** `end`: bytes of the lines that were read. */
  | { readonly session: 'open'; readonly end: number }
  | { readonly session: 'ended'; readonly ending: Ending }

/** What a pool knows of one run. */
export type Course =
  /** Nobody here looks after it. */
  | { readonly at: 'free' }
  /** It has a place here, and is looked at: its owner, its journal, its owner again. */
  | (Considered & { readonly at: 'asking' })
  | (Considered & { readonly at: 'reading'; readonly isAlive: boolean })
  | (Considered & { readonly at: 'asking again' })
  | (Considered & { readonly at: 'starting'; readonly how: 'new' | 'resumed' })
  /** Its lines come. */
  | (Watched & { readonly at: 'watched' })
  /** Its process is gone; what is left of its journal is read. */
  | (Watched & { readonly at: 'reading the rest' })
  /**
   * Its journal seems to have no end: that, its owner and the journal again are looked at. `end`: bytes of
   * the journal.
   */
  | (Watched & { readonly at: 'reading at the end' })
  | (Watched & { readonly at: 'asking at the end'; readonly end: number })
  | (Watched & { readonly at: 'reading again'; readonly end: number })
  /** Done, failed for good, or stopped by a person: not taken up again by this pool. */
  | { readonly at: 'over' }

interface Considered {
  readonly seen: OpenState
  /** How often it has failed so far. */
  readonly failures: number
}

interface Watched {
  readonly how: InstanceStarted['how']
  readonly failures: number
  readonly told: Reason | undefined
  /** What the journal says by now. */
  readonly ending: Ending | undefined
}

/** What is heard of one run. */
export type RunEvent =
  /** There is a place for it. */
  | { readonly event: 'considered'; readonly seen: OpenState; readonly failures: number }
  | { readonly event: 'owner'; readonly isAlive: boolean }
  | { readonly event: 'journal'; readonly journal: JournalEnd }
  | { readonly event: 'started' }
  /** It could not be started. `isTaken`: somebody else has it, or has ended it meanwhile. */
  | { readonly event: 'refused'; readonly isTaken: boolean; readonly ending: Ending }
  /** A session began (no ending) or ended. */
  | { readonly event: 'line'; readonly ending: Ending | undefined }
  /** Its process is gone; of an adopted run, its owner. */
  | { readonly event: 'gone' }
  /** All that stood in the journal when it was gone was heard. */
  | { readonly event: 'rest read' }
  /** Its end was heard long ago, and its process is still there. */
  | { readonly event: 'lingers' }
  | { readonly event: 'told'; readonly reason: Reason }

export type RunAction =
  | { readonly action: 'ask owner' | 'read journal' | 'begin' | 'resume' }
  /** Follow its journal from a byte on. */
  | { readonly action: 'adopt'; readonly from: number }
  | ({ readonly action: 'note start' } & Pick<InstanceStarted, 'how' | 'attempt'>)
  | ({ readonly action: 'note end' } & Omit<InstanceEnded, 'event' | 'instance'>)
  | { readonly action: 'tell'; readonly reason: Reason }
  /** Its place is free again. */
  | { readonly action: 'free place' }

interface Move {
  readonly course: Course
  readonly actions: readonly RunAction[]
  /** How it ended, for what the pool does about it. */
  readonly ended?: Ending
}

export interface PoolRules {
  readonly retries: number
  readonly onFailure: 'continue' | 'stop'
  /** One pool among many leaves to the others what they run. */
  readonly leavesOthers: boolean
  /** What is said of a run that took too long. */
  readonly timeLimit: string
}

type Row<At extends Course['at']> = {
  readonly [E in RunEvent['event']]?: (
    course: Extract<Course, { at: At }>,
    event: Extract<RunEvent, { event: E }>,
    rules: PoolRules,
  ) => Move
}

/** What is not in a row changes nothing. */
const table: { readonly [At in Course['at']]: Row<At> } = {
  free: {
    considered: (_, { seen, failures }) => ({
      course: { at: 'asking', seen, failures },
      actions: [{ action: 'ask owner' }],
    }),
  },
  asking: {
    told: () => passed,
    owner: (course, { isAlive }) => ({
      course: { ...course, at: 'reading', isAlive },
      actions: [{ action: 'read journal' }],
    }),
  },
  reading: {
    told: () => passed,
    journal: (course, { journal }, rules) => {
      if (course.isAlive) return foundAlive(course, journal, rules)
      if (journal.session === 'ended' && isForGood(journal.ending))
        return { course: { at: 'over' }, actions: [{ action: 'free place' }] }
      return course.seen === (journal.session === 'none' ? 'waiting' : notRunning(course.seen))
        ? { course: { ...course, at: 'asking again' }, actions: [{ action: 'ask owner' }] }
        : passed
    },
  },
  'asking again': {
    told: () => passed,
    owner: (course, { isAlive }) => {
      // Somebody took it between the two questions.
      if (isAlive) return passed
      const how = course.seen === 'waiting' ? 'new' : 'resumed'
      return {
        course: { ...course, at: 'starting', how },
        actions: [{ action: how === 'new' ? 'begin' : 'resume' }],
      }
    },
  },
  starting: {
    started: ({ how, failures }) => watched(how, failures),
    refused: ({ how, failures }, event, rules) =>
      refused({ how, failures, told: undefined, ending: undefined }, event, rules),
  },
  watched: {
    line: (course, { ending }) => ({ course: { ...course, ending }, actions: [] }),
    told: (course, { reason }) => ({
      course: { ...course, told: course.told ?? reason },
      actions: [{ action: 'tell', reason }],
    }),
    gone: (course) => ({ course: { ...course, at: 'reading the rest' }, actions: [] }),
    refused,
    lingers: (course, _, rules) =>
      course.ending === undefined ? { course, actions: [] } : end(course, course.ending, rules),
  },
  'reading the rest': {
    line: (course, { ending }) => ({ course: { ...course, ending }, actions: [] }),
    'rest read': (course, _, rules) =>
      course.ending === undefined
        ? { course: { ...course, at: 'reading at the end' }, actions: [{ action: 'read journal' }] }
        : end(course, course.ending, rules),
  },
  'reading at the end': {
    journal: (course, { journal }, rules) =>
      journal.session === 'open'
        ? {
            course: { ...course, at: 'asking at the end', end: journal.end },
            actions: [{ action: 'ask owner' }],
          }
        : endedMeanwhile(course, journal, rules),
  },
  'asking at the end': {
    owner: (course, { isAlive }) =>
      isAlive
        ? passed
        : { course: { ...course, at: 'reading again' }, actions: [{ action: 'read journal' }] },
  },
  'reading again': {
    journal: (course, { journal }, rules) => {
      if (journal.session !== 'open') return endedMeanwhile(course, journal, rules)
      return journal.end === course.end ? end(course, endedSilently, rules) : passed
    },
  },
  over: {},
}

const passed: Move = { course: { at: 'free' }, actions: [{ action: 'free place' }] }

const endedSilently: Ending = {
  exitCode: exitCodes.failed,
  code: died,
  message: 'the training process ended without a word',
}

/** Trained to its end, or diverged: what would come out again. */
function isForGood({ exitCode }: Ending): boolean {
  return exitCode === exitCodes.done || exitCode === exitCodes.diverged
}

function refused(
  course: Watched,
  { isTaken, ending }: Extract<RunEvent, { event: 'refused' }>,
  rules: PoolRules,
): Move {
  return isTaken ? passed : end(course, ending, rules)
}

/** By somebody else, or gone together with its folder. */
function endedMeanwhile(
  course: Watched,
  journal: Exclude<JournalEnd, { session: 'open' }>,
  rules: PoolRules,
): Move {
  return end(course, journal.session === 'ended' ? journal.ending : endedSilently, rules)
}

/**
 * A run that somebody has: looked after from here where it goes on; one that has ended is about to be let go.
 */
function foundAlive({ failures }: Considered, journal: JournalEnd, { leavesOthers }: PoolRules): Move {
  if (leavesOthers || journal.session === 'ended') return passed
  const { course, actions } = watched('adopted', failures)
  const from = journal.session === 'open' ? journal.end : 0
  return { course, actions: [...actions, { action: 'adopt', from }] }
}

/**
 * What a run that has a folder and no owner must have been seen as to be gone on with: as one that ran, it
 * may be just beginning.
 */
function notRunning(seen: OpenState): OpenState | undefined {
  return seen === 'stopped' || seen === 'died' ? seen : undefined
}

function watched(how: InstanceStarted['how'], failures: number): Move {
  return {
    course: { at: 'watched', how, failures, told: undefined, ending: undefined },
    actions: [{ action: 'note start', how, attempt: failures + 1 }],
  }
}

function end(course: Watched, said: Ending, rules: PoolRules): Move {
  const { told, failures } = course
  const wasStopped = said.exitCode !== exitCodes.done && !isFailure(said.exitCode)
  // A run that was done before it heard of its time limit is done.
  const ending =
    told === 'time' && wasStopped
      ? { exitCode: exitCodes.failed, code: tookTooLong, message: rules.timeLimit }
      : said
  const hasFailed = isFailure(ending.exitCode)
  const retried = hasFailed && isWorthAnotherTry(ending) && failures < rules.retries
  // One that a person stopped is left alone; one that this pool stopped may go on, should the pool.
  const isOver = hasFailed ? !retried : !wasStopped || told === undefined
  return {
    course: { at: isOver ? 'over' : 'free' },
    actions: [{ action: 'note end', ...ending, retried }, { action: 'free place' }],
    ended: ending,
  }
}

/**
 * What a pool knows: its runs by their numbers (those that it has not considered are free), and how those
 * ended that have.
 */
export interface PoolState {
  /** `broken`: the machine seems to be, and nothing more is started. */
  readonly phase: 'open' | 'stopping' | 'broken'
  readonly courses: ReadonlyMap<number, Course>
  readonly ended: readonly EndedRun[]
}

export const newPool: PoolState = { phase: 'open', courses: new Map(), ended: [] }

export type PoolEvent =
  | (RunEvent & { readonly run: number; readonly setting: number; readonly settings: number })
  /** By a person, or by what started the pool. */
  | { readonly event: 'stop' }

export type PoolAction = RunAction & { readonly run: number }

export function stepPool(
  state: PoolState,
  event: PoolEvent,
  rules: PoolRules,
): { readonly state: PoolState; readonly actions: readonly PoolAction[] } {
  if (event.event === 'stop') return stopped(state, rules)
  const { run, setting, settings } = event
  if (event.event === 'considered' && state.phase !== 'open') {
    return { state, actions: [{ action: 'free place', run }] }
  }
  const move = stepRun(state.courses.get(run) ?? { at: 'free' }, event, rules)
  const courses = new Map([...state.courses, [run, move.course]])
  const actions = move.actions.map((action): PoolAction => ({ ...action, run }))
  if (move.ended === undefined) return { state: { ...state, courses }, actions }
  const ended = [...state.ended, { ...move.ended, instance: run, setting }]
  const isFailed = isFailure(move.ended.exitCode) && move.course.at === 'over'
  const phase = state.phase === 'open' && isBroken(ended, settings) ? 'broken' : state.phase
  const next: PoolState = { phase, courses, ended }
  if (!isFailed || rules.onFailure === 'continue' || phase === 'stopping') return { state: next, actions }
  const stop = stopped(next, rules)
  return { state: stop.state, actions: [...actions, ...stop.actions] }
}

function stopped(state: PoolState, rules: PoolRules): ReturnType<typeof stepPool> {
  const courses = new Map(state.courses)
  const actions: PoolAction[] = []
  for (const [run, course] of state.courses) {
    const move = stepRun(course, { event: 'told', reason: 'stop' }, rules)
    courses.set(run, move.course)
    actions.push(...move.actions.map((action): PoolAction => ({ ...action, run })))
  }
  return { state: { ...state, phase: 'stopping', courses }, actions }
}

/**
 * Courses and events are told apart by their tags, which the types of a table by tags do not carry over to
 * its cells.
 */
function stepRun(course: Course, event: RunEvent, rules: PoolRules): Move {
  const row = table[course.at] as Row<Course['at']>
  const move = row[event.event] as ((course: Course, event: RunEvent, rules: PoolRules) => Move) | undefined
  return move === undefined ? { course, actions: [] } : move(course, event, rules)
}
