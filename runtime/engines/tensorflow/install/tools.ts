// The programs that an installation needs, whichever of them this machine has.
import { runTool } from './command.js'
import { noCompiler, noPip, noPython } from './failures.js'

/** The part of the world that tools are looked for in. */
export interface ToolWorld {
  readonly environment: NodeJS.ProcessEnv
  /** A folder that tools may run in. */
  readonly folder: string
  readonly signal: AbortSignal
}

export interface Python {
  readonly program: readonly string[]
  readonly version: string
}

const oldestPython = [3, 7] as const

/**
 * A Python with what unpacking needs; with pip too, where one is wanted.
 * @throws RunError SAU7632 without a Python, SAU7633 where none that is there has pip.
 */
export async function findPython(world: ToolWorld, needsPip: boolean): Promise<Python> {
  const { PYTHON } = world.environment
  const named = PYTHON === undefined || PYTHON === '' ? [] : [[PYTHON]]
  const candidates = [...named, ['python3'], ['python'], ['py', '-3']]
  let withoutPip: Python | undefined
  for (const program of candidates) {
    const version = await pythonVersion(program, world)
    if (version === undefined) continue
    if (!needsPip) return { program, version }
    const { code } = await runTool({ program, words: ['-m', 'pip', '--version'], ...world })
    if (code === 0) return { program, version }
    withoutPip ??= { program, version }
  }
  if (withoutPip !== undefined) throw noPip(withoutPip.program.join(' '))
  throw noPython(candidates.map((program) => program.join(' ')))
}

async function pythonVersion(program: readonly string[], world: ToolWorld): Promise<string | undefined> {
  const script = 'import sys, zipfile, zlib, tarfile; print("%d.%d.%d" % sys.version_info[:3])'
  const { code, out } = await runTool({ program, words: ['-c', script], ...world })
  const version = out.trim()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1])
  return code === 0 && isEnough ? version : undefined
}

export interface Compiler {
  readonly program: readonly string[]
  /** Its first line about itself. */
  readonly version: string
}

/** @throws RunError SAU7634. */
export async function findCompiler(world: ToolWorld): Promise<Compiler> {
  const { CXX } = world.environment
  // CXX may hold words besides the program: `ccache g++`.
  const named = CXX === undefined || CXX.trim() === '' ? [] : [CXX.trim().split(/\s+/)]
  const candidates = [...named, ['g++'], ['clang++'], ['c++']]
  for (const program of candidates) {
    const { code, out } = await runTool({ program, words: ['--version'], ...world })
    if (code === 0) return { program, version: out.split('\n', 1)[0]?.trim() ?? '' }
  }
  throw noCompiler(candidates.map((program) => program.join(' ')))
}

/** npm as a program: the one on the PATH, else the first of these files of it. */
export async function findNpm(
  world: ToolWorld,
  programs: readonly string[],
): Promise<readonly string[] | undefined> {
  const onPath = await runTool({ program: ['npm'], words: ['--version'], ...world })
  if (onPath.code === 0) return ['npm']
  const [script] = programs
  return script === undefined ? undefined : [process.execPath, script]
}
