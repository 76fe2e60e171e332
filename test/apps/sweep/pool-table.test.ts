// The pool's table against a made world in which everything that can happen to a run happens in every order:
// lines come, the owner goes, the process goes, it is killed, the pool dies and another one adopts, and what
// a pool knows is as old as it may be.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Course,
  type Ending,
  type JournalEnd,
  newPool,
  type OpenState,
  type PoolAction,
  type PoolRules,
  type PoolState,
  stepPool,
} from '../../../runtime/apps/sweep/pool-table.js'

/**
 * What a process has done for a run so far; each step is one that others can see. `owned` and `reported` have
 * no line.
 */
const life = ['begun', 'owned', 'started', 'ended', 'reported', 'released', 'exited'] as const
type Step = (typeof life)[number]

interface Process {
  readonly id: number
  readonly step: Step
  /** Lines of the journal when it was decided to start it. */
  readonly from: number
  /** Told to stop after a checkpoint. */
  readonly told: boolean
  /** Whether the pool that started it still waits for its exit. */
  readonly hasParent: boolean
}

type Line = { readonly by: number; readonly ending: Ending | undefined }

/** One run, as its folder and the system have it. */
interface Run {
  readonly folder: boolean
  readonly journal: readonly Line[]
  /** Process that the folder names; it may be dead. */
  readonly owner: number | undefined
  readonly processes: readonly Process[]
  /** Starts so far. */
  readonly starts: number
}

/** How a pool follows a run: the process that it waits for, and how many lines it has heard. */
interface Following {
  readonly child: number | undefined
  readonly heard: number
  readonly isGone: boolean
}

interface World {
  readonly runs: readonly Run[]
  readonly pool: PoolState
  /** What the pool has still to do, in order. */
  readonly todo: readonly PoolAction[]
  readonly following: readonly (Following | undefined)[]
  /** Runs as the pool last saw them. */
  readonly seen: readonly (OpenState | 'over' | undefined)[]
  /** Decisions about runs, with what was true when they were taken. */
  readonly notes: readonly string[]
  readonly kills: number
  readonly poolDeaths: number
  readonly stops: number
}

const done: Ending = { exitCode: 0, code: undefined, message: 'done' }
const stopped: Ending = { exitCode: 75, code: undefined, message: 'stopped' }
const killed: Ending = { exitCode: 1, code: 'SAU7302', message: 'killed' }

const newRun: Run = { folder: false, journal: [], owner: undefined, processes: [], starts: 0 }

function newWorld(runs: number, limits: Pick<World, 'kills' | 'poolDeaths' | 'stops'>): World {
  const each = <T>(value: T): readonly T[] => Array.from({ length: runs }, () => value)
  const following = each<Following | undefined>(undefined)
  return {
    runs: each(newRun),
    pool: newPool,
    todo: [],
    following,
    seen: each(undefined),
    notes: [],
    ...limits,
  }
}

const lives = ({ step }: Process): boolean => step !== 'exited'
const ownerLives = ({ owner, processes }: Run): boolean =>
  processes.some((one) => one.id === owner && lives(one))
const lastLine = ({ journal }: Run): Line | undefined => journal.at(-1)
const isDone = (run: Run): boolean => lastLine(run)?.ending?.exitCode === 0

/** As the sweep's folder shows it now. */
function stateNow(run: Run): OpenState | 'over' {
  if (!run.folder) return 'waiting'
  const ending = lastLine(run)?.ending
  if (ending !== undefined)
    return ending.exitCode === 0 ? 'over' : ending.exitCode === 75 ? 'stopped' : 'died'
  return ownerLives(run) ? 'running' : 'died'
}

const at = <T>(list: readonly T[], index: number, value: T): readonly T[] =>
  list.map((one, i) => (i === index ? value : one))
const setRun = (world: World, run: number, changed: Partial<Run>): World => {
  const one = world.runs[run]
  return one === undefined ? world : { ...world, runs: at(world.runs, run, { ...one, ...changed }) }
}

type HeardEvent = Extract<Parameters<typeof stepPool>[1], { readonly run: number }>
type Heard = HeardEvent extends infer E
  ? E extends HeardEvent
    ? Omit<E, 'run' | 'setting' | 'settings'>
    : never
  : never

function hear(world: World, run: number, event: Heard, rules: PoolRules): World {
  // Every run is a setting of its own, and the sweep has more than fail here.
  const whole = { ...event, run, setting: run, settings: 99 } as HeardEvent
  const { state, actions } = stepPool(world.pool, whole, rules)
  // What is decided has to be right when it is decided, however long it takes until it is written down.
  const said = (one: number): string =>
    `the journal says ${lastLine(world.runs[one] ?? newRun)?.ending?.exitCode}`
  const notes = actions.flatMap((action) => {
    if (action.action === 'adopt') return [`${action.run} adopted; ${said(action.run)}`]
    return action.action === 'note end'
      ? [`${action.run} ended ${action.exitCode} ${action.code}; ${said(action.run)}`]
      : []
  })
  return {
    ...world,
    pool: state,
    todo: [...actions, ...world.todo],
    notes: [...world.notes, ...notes],
  }
}

interface Choice {
  readonly name: string
  readonly then: () => World
}

/** Everything that can happen next. */
function choices(world: World, rules: PoolRules): readonly Choice[] {
  const found: Choice[] = []
  const add = (name: string, then: () => World): void => void found.push({ name, then })
  for (const [run, one] of world.runs.entries()) {
    for (const process of one.processes.filter(lives)) {
      add(`process ${process.id} of ${run}`, () => advance(world, run, process))
      if (world.kills > 0) {
        add(`kill ${process.id} of ${run}`, () => ({
          ...exit(world, run, process),
          kills: world.kills - 1,
        }))
      }
    }
    if (world.seen[run] !== stateNow(one)) {
      add(`look at ${run}`, () => ({ ...world, seen: at(world.seen, run, stateNow(one)) }))
    }
    for (const [name, then] of followed(world, run, one, rules)) add(`${name} of ${run}`, then)
    const seen = world.seen[run]
    const course = world.pool.courses.get(run)
    if (
      world.todo.length === 0 &&
      world.pool.phase === 'open' &&
      (course === undefined || course.at === 'free') &&
      seen !== undefined &&
      seen !== 'over' &&
      !(rules.leavesOthers && seen === 'running')
    ) {
      add(`consider ${run} as ${seen}`, () =>
        hear(world, run, { event: 'considered', seen, failures: 0 }, rules),
      )
    }
  }
  const [next, ...rest] = world.todo
  if (next !== undefined) add(`do ${next.action}`, () => perform({ ...world, todo: rest }, next, rules))
  if (world.poolDeaths > 0) add('the pool dies', () => newPoolIn(world))
  if (world.stops > 0 && world.todo.length === 0) {
    add('stop', () => {
      const { state, actions } = stepPool(world.pool, { event: 'stop' }, rules)
      return { ...world, pool: state, todo: actions, stops: world.stops - 1 }
    })
  }
  return found
}

/**
 * What a pool hears of a run that it follows: its lines in order, and once the process is gone the rest of
 * them.
 */
function followed(
  world: World,
  run: number,
  one: Run,
  rules: PoolRules,
): readonly (readonly [string, () => World])[] {
  const following = world.following[run]
  const course = world.pool.courses.get(run)
  if (following === undefined || course === undefined || !isFollowed(course)) return []
  const line = one.journal[following.heard]
  const set = (changed: Partial<Following>): World => ({
    ...world,
    following: at(world.following, run, { ...following, ...changed }),
  })
  if (line !== undefined) {
    const heard = set({ heard: following.heard + 1 })
    return [['line', () => hear(heard, run, { event: 'line', ending: line.ending }, rules)]]
  }
  // A line is heard before what came after it; that nothing more has come is known only once the process is
  // gone.
  if (following.isGone) return [['rest', () => hear(set({}), run, { event: 'rest read' }, rules)]]
  const child = one.processes.find(({ id }) => id === following.child)
  const isGone = following.child === undefined ? !ownerLives(one) : child === undefined || !lives(child)
  return isGone ? [['gone', () => hear(set({ isGone: true }), run, { event: 'gone' }, rules)]] : []
}

function isFollowed({ at: where }: Course): boolean {
  return where === 'watched' || where === 'reading the rest'
}

/** The next thing that a process does by itself. */
function advance(world: World, run: number, process: Process): World {
  const one = world.runs[run]
  const next = life[life.indexOf(process.step) + 1]
  if (one === undefined || next === undefined) return world
  const processes = one.processes.map((other) => (other.id === process.id ? { ...other, step: next } : other))
  switch (next) {
    case 'owned':
      // Somebody was faster: this one is refused and has no part in the run.
      if (ownerLives(one)) return exit(world, run, process)
      if (one.journal.slice(process.from).at(-1)?.ending?.exitCode === 0) return exit(world, run, process)
      return setRun(world, run, { owner: process.id, processes })
    case 'started':
    case 'ended': {
      const ending = next === 'started' ? undefined : process.told ? stopped : done
      return setRun(world, run, { journal: [...one.journal, { by: process.id, ending }], processes })
    }
    case 'released':
      return setRun(world, run, { owner: one.owner === process.id ? undefined : one.owner, processes })
    case 'exited':
      return exit(world, run, process)
    case 'begun':
    case 'reported':
      return setRun(world, run, { processes })
  }
}

/**
 * A process is gone. Its parent, where it has one, writes down how, unless somebody else owns the run by
 * then.
 */
function exit(world: World, run: number, process: Process): World {
  const one = world.runs[run]
  if (one === undefined) return world
  const processes = one.processes.filter(({ id }) => id !== process.id)
  const gone = setRun(world, run, { processes })
  const after = gone.runs[run]
  if (after === undefined || !process.hasParent || ownerLives(after)) return gone
  const began = one.journal.findLastIndex(({ by }) => by === process.id)
  const hasEnd = one.journal.slice(Math.max(0, began)).some(({ by, ending }) => by === process.id && ending)
  if (hasEnd || (began < 0 && one.owner !== process.id)) return gone
  return setRun(gone, run, {
    journal: [...one.journal, { by: process.id, ending: killed }],
    owner: one.owner === process.id ? undefined : one.owner,
  })
}

/**
 * The pool's process is killed: its children go on without it, and a new pool knows nothing but the folder.
 */
function newPoolIn(world: World): World {
  return {
    ...world,
    pool: newPool,
    todo: [],
    following: world.following.map(() => undefined),
    seen: world.seen.map(() => undefined),
    runs: world.runs.map((one) => ({
      ...one,
      processes: one.processes.map((process) => ({ ...process, hasParent: false })),
    })),
    poolDeaths: world.poolDeaths - 1,
  }
}

function perform(world: World, action: PoolAction, rules: PoolRules): World {
  const { run } = action
  const one = world.runs[run]
  if (one === undefined) return world
  switch (action.action) {
    case 'ask owner':
      return hear(world, run, { event: 'owner', isAlive: ownerLives(one) }, rules)
    case 'read journal':
      return hear(world, run, { event: 'journal', journal: journalOf(one) }, rules)
    case 'begin':
    case 'resume': {
      if (action.action === 'begin' ? one.folder : ownerLives(one) || isDone(one)) {
        return hear(world, run, { event: 'refused', isTaken: true, ending: killed }, rules)
      }
      const id = one.starts + 1
      const process: Process = {
        id,
        step: 'begun',
        from: one.journal.length,
        told: false,
        hasParent: true,
      }
      const begun = setRun(world, run, {
        folder: true,
        starts: id,
        processes: [...one.processes, process],
      })
      const following = { child: id, heard: one.journal.length, isGone: false }
      return hear(
        { ...begun, following: at(world.following, run, following) },
        run,
        { event: 'started' },
        rules,
      )
    }
    case 'adopt': {
      const following = { child: undefined, heard: action.from, isGone: false }
      return { ...world, following: at(world.following, run, following) }
    }
    case 'note start':
    case 'note end':
      return world
    case 'tell':
      return setRun(world, run, { processes: one.processes.map((process) => ({ ...process, told: true })) })
    case 'free place':
      return { ...world, following: at(world.following, run, undefined) }
  }
}

function journalOf(one: Run): JournalEnd {
  if (!one.folder) return { session: 'none' }
  const ending = lastLine(one)?.ending
  return ending === undefined ? { session: 'open', end: one.journal.length } : { session: 'ended', ending }
}

const rules: PoolRules = { retries: 3, onFailure: 'continue', leavesOthers: false, timeLimit: 'too long' }

/** What must hold of every world on the way. */
function check(world: World, wasKilled: boolean): void {
  for (const one of world.runs) {
    // Between owning a run and letting it go there is one process.
    const working = one.processes.filter(({ step }) =>
      ['owned', 'started', 'ended', 'reported'].includes(step),
    )
    expect(working.length).toBeLessThanOrEqual(1)
  }
  const wrong = world.notes.filter((note) => {
    if (note.includes('adopted')) return !note.endsWith('says undefined')
    const [, code, said] = /ended (\d+) .* says (\w+)$/.exec(note) ?? []
    // A run is called failed only where nothing says that it is done.
    if (code === '1' && said === '0') return true
    return code === '1' && !wasKilled
  })
  expect(wrong).toEqual([])
}

/** Goes on without kills, stops and deaths until nothing happens any more. */
function settle(world: World, pick: (count: number) => number, some = rules): World {
  let now: World = { ...world, kills: 0, poolDeaths: 0, stops: 0 }
  for (let steps = 0; steps < 5_000; steps++) {
    const possible = choices(now, some)
    const chosen = possible[pick(possible.length)]
    if (chosen === undefined) return now
    now = chosen.then()
  }
  throw new Error(`does not come to rest: ${JSON.stringify(now)}`)
}

describe('the table of a pool', () => {
  it('comes to the right end of every run in random orders of lines, owners, processes, kills, adoptions and restarts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1 << 20 }), { minLength: 10, maxLength: 120 }),
        fc.integer({ min: 1, max: 3 }),
        fc.record({
          kills: fc.integer({ min: 0, max: 2 }),
          poolDeaths: fc.integer({ min: 0, max: 2 }),
          stops: fc.constant(0),
        }),
        fc.infiniteStream(fc.nat({ max: 1 << 20 })),
        (schedule, runs, limits, rest) => {
          let world = newWorld(runs, limits)
          for (const number of schedule) {
            const possible = choices(world, rules)
            const chosen = possible[number % Math.max(1, possible.length)]
            if (chosen === undefined) break
            world = chosen.then()
            check(world, limits.kills > 0)
          }
          world = settle(world, (count) => (rest.next().value ?? 0) % Math.max(1, count))
          check(world, limits.kills > 0)
          expect(world.runs.map(isDone)).toEqual(world.runs.map(() => true))
          expect([...world.pool.courses.values()].every((course) => isAtRest(course))).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  }, 300_000)

  it.each([
    ['one kill and a pool that dies once', { kills: 1, poolDeaths: 1, stops: 0 }],
    ['a stop and a kill', { kills: 1, poolDeaths: 0, stops: 1 }],
  ])(
    'decides rightly about a single run in every order there is, with %s',
    (_, limits) => {
      const known = new Set<string>()
      const open = [newWorld(1, limits)]
      for (let world = open.pop(); world !== undefined; world = open.pop()) {
        const key = JSON.stringify({ ...world, pool: { ...world.pool, courses: [...world.pool.courses] } })
        if (known.has(key)) continue
        known.add(key)
        check(world, world.kills < limits.kills)
        const possible = choices(world, rules)
        if (possible.length === 0) expectRest(world, limits.stops > world.stops)
        open.push(...possible.map(({ then }) => then()))
      }
      expect(known.size).toBeGreaterThan(1_000)
    },
    300_000,
  )

  it('without kills and deaths never adopts, and on_failure: stop never stops', () => {
    const strict: PoolRules = { ...rules, retries: 0, onFailure: 'stop' }
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 1 << 20 })), (stream) => {
        const world = settle(
          newWorld(3, { kills: 0, poolDeaths: 0, stops: 0 }),
          (count) => (stream.next().value ?? 0) % Math.max(1, count),
          strict,
        )
        expect(world.pool.phase).toBe('open')
        expect(world.notes.map((note) => note.slice(2)).sort()).toEqual(
          Array.from({ length: 3 }, () => 'ended 0 undefined; the journal says 0'),
        )
      }),
      { numRuns: 200 },
    )
  }, 300_000)
})

function isAtRest({ at: where }: Course): boolean {
  return where === 'free' || where === 'over'
}

function expectRest(world: World, wasStopped: boolean): void {
  const [one] = world.runs
  if (one === undefined) throw new Error('no run')
  if (!wasStopped) expect(isDone(one), JSON.stringify(world)).toBe(true)
  expect(one.processes.filter(lives)).toEqual([])
  expect([...world.pool.courses.values()].every(isAtRest), JSON.stringify(world)).toBe(true)
}
