// TensorFlow itself: wheels of PyPI, downloaded by pip, of which the libraries and the headers are taken.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { unpack } from './archive.js'
import { lastLines, runTool } from './command.js'
import { badWheel, downloadFailed, noSpace, noSuchVersion } from './failures.js'
import { folderBytes } from './folder-size.js'
import type { Staging } from './staging.js'
import type { Python, ToolWorld } from './tools.js'

/** The version that is installed unless another is asked for. */
export const defaultVersion = '2.21.0'

/** From here on the wheels hold the library that the addon is linked with. */
const oldestVersion = [2, 12] as const

/**
 * Pythons for which wheels are asked for, one after the other: which one is all the same here, for nothing of
 * Python is used, and the one that is there may be too new or too old to have one.
 */
const pythonVersions = ['3.11', '3.12', '3.13', '3.10', '3.14'] as const

export interface WheelWorld extends ToolWorld {
  readonly onBytes: (bytes: number, total: number | undefined) => void
}

/** The PyPI project. For arm64 the plain one holds no CUDA. */
export function projectName(gpu: boolean, arch: string): string {
  return gpu || arch === 'arm64' ? 'tensorflow' : 'tensorflow-cpu'
}

/** @throws RunError SAU7637 where the version cannot be one that can be used. */
export function checkVersion(version: string): void {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)(?:\.\d+)?(?:(?:rc|\.post)\d+)?$/.exec(version) ?? []
  const isUsable =
    Number(major) > oldestVersion[0] ||
    (Number(major) === oldestVersion[0] && Number(minor) >= oldestVersion[1])
  if (major === '' || !isUsable) throw noSuchVersion(version, [])
}

/**
 * Version of TensorFlow in a wheel, by the file's name. @throws RunError SAU7638 where it is no wheel that
 * can be used here.
 */
export function wheelVersion(file: string, arch: string): string {
  const name = basename(file)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) throw badWheel(file, 'there is no such file')
  const parts = /^(tensorflow(?:_cpu)?)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-([^-]+)\.whl$/.exec(name)
  const [, , version, platform] = parts ?? []
  if (version === undefined || platform === undefined)
    throw badWheel(file, 'its name is not that of a wheel of TensorFlow')
  const machine = arch === 'arm64' ? 'aarch64' : 'x86_64'
  if (!/linux/.test(platform) || !platform.includes(machine))
    throw badWheel(file, `it is for ${platform}, and this is linux ${machine}`)
  checkVersion(version)
  return version
}

/**
 * Downloads wheels into the staging folder's `into`. Names of their files there.
 * @throws RunError SAU7636 without a line, SAU7637 where there is no such version, SAU7635 where the disk is
 * full.
 */
export async function downloadWheels(
  staging: Staging,
  into: string,
  requirements: readonly string[],
  options: { readonly version: string; readonly beside?: string | undefined },
  python: Python,
  world: WheelWorld,
): Promise<readonly string[]> {
  const folder = join(staging.attempt, into)
  const temporary = join(staging.attempt, 'tmp')
  const what = requirements.length === 1 ? (requirements[0] ?? '') : `${requirements.length} CUDA packages`
  let total: number | undefined
  const watch = setInterval(() => world.onBytes(folderBytes(temporary), total), 500)
  let output = ''
  try {
    for (const version of pythonVersions) {
      mkdirSync(folder, { recursive: true })
      const { code, all } = await runTool({
        ...world,
        program: python.program,
        words: [
          ...['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--no-deps'],
          ...['--only-binary=:all:', '--python-version', version, '--dest', folder],
          ...(options.beside === undefined ? [] : ['--find-links', options.beside]),
          ...requirements,
        ],
        // pip's half-made files lie where this try's rubbish lies, and on the disk that was found to have
        // room.
        environment: { PIP_RETRIES: '2', ...world.environment, TMPDIR: temporary, PIP_PROGRESS_BAR: 'off' },
        log: staging.log,
        onLine(line) {
          const [, size, unit] = /(?:Downloading|Using cached) \S+ \(([\d.]+) ([kMG]B)\)/.exec(line) ?? []
          if (size !== undefined) total = requirements.length === 1 ? bytesOf(size, unit) : undefined
        },
      })
      // The first that was asked for has the longest list of versions, should none of them do.
      if (output === '' || !isOtherPython(all)) output = all
      if (code === 0) {
        const names = readdirSync(folder)
        const target = join(staging.folder, into)
        rmSync(target, { recursive: true, force: true })
        renameSync(folder, target)
        return names.map((name) => join(into, name))
      }
      if (!isOtherPython(all)) break
    }
  } finally {
    clearInterval(watch)
  }
  throw pipFailure(what, options.version, output, staging.folder)
}

/** Whether pip may only have looked for the wrong Python: there are such packages, and none is for it. */
function isOtherPython(output: string): boolean {
  return /Could not find a version|No matching distribution/.test(output) && !hasNoLine(output)
}

function hasNoLine(output: string): boolean {
  return /Retrying \(|NewConnectionError|Max retries exceeded|name resolution|ConnectTimeout|SSLError/.test(
    output,
  )
}

const bringWheel = '--wheel takes a wheel that you bring'

function pipFailure(what: string, version: string, output: string, folder: string): Error {
  if (/No space left on device/.test(output)) return noSpace(folder, 'more room', 'no bytes')
  if (hasNoLine(output)) return downloadFailed(what, 'the package index cannot be reached', bringWheel)
  const known = /\(from versions: ([^)]*)\)/.exec(output)?.[1]
  if (known === undefined)
    return downloadFailed(what, lastLines(output, 1).replace(/^ERROR: /, ''), bringWheel)
  const usable = known.split(', ').filter((candidate) => /^2\.(1[2-9]|[2-9]\d)[\d.]*$/.test(candidate))
  return noSuchVersion(version, usable)
}

function bytesOf(size: string, unit: string | undefined): number {
  return Number(size) * (unit === 'GB' ? 1e9 : unit === 'MB' ? 1e6 : 1e3)
}

/** Libraries, headers, and what says what they are. `*.libs` holds libraries that some wheels bring along. */
const tensorFlowParts =
  '^(tensorflow/(include/|libtensorflow_(cc|framework)\\.so\\.2$)|tensorflow[^/]*\\.libs/|[^/]*\\.dist-info/(METADATA$|licenses/|LICENSE))'

export const libraryFiles = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

/**
 * Unpacks TensorFlow into the engine under construction. Paths of what a later try looks for, in the staging
 * folder.
 * @throws RunError SAU7638 where the file is no whole wheel of TensorFlow, SAU7635 where the disk is full.
 */
export async function unpackTensorFlow(
  staging: Staging,
  wheel: string,
  python: Python,
  world: WheelWorld,
): Promise<readonly string[]> {
  const into = join(staging.attempt, 'unpacked')
  await unpackWheel(staging, wheel, into, { keep: tensorFlowParts }, python, world)
  const files = [...libraryFiles, join('include', 'tensorflow', 'c', 'c_api.h')].map((name) =>
    join('tensorflow', name),
  )
  for (const name of files) {
    if (statSync(join(into, name), { throwIfNoEntry: false }) === undefined)
      throw badWheel(wheel, `it holds no ${name}`)
  }
  moveInto(into, staging)
  return files.map((name) => join('engine', name))
}

/**
 * Unpacks wheels of CUDA beside TensorFlow, whose libraries look for them at `../nvidia`; headers are left
 * out.
 */
export async function unpackCuda(
  staging: Staging,
  wheels: readonly string[],
  python: Python,
  world: WheelWorld,
): Promise<readonly string[]> {
  const into = join(staging.attempt, 'cuda')
  let before = 0
  for (const wheel of wheels) {
    let latest = 0
    const onBytes = (bytes: number): void => {
      latest = bytes
      world.onBytes(before + bytes, undefined)
    }
    const parts = { keep: '^nvidia/', drop: '/include/|\\.a$' }
    await unpackWheel(staging, wheel, into, parts, python, { ...world, onBytes })
    before += latest
  }
  const files = readdirSync(join(into, 'nvidia'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.so[.\d]*$/.test(name),
  )
  moveInto(into, staging)
  return files.map((name) => join('engine', 'nvidia', name))
}

async function unpackWheel(
  staging: Staging,
  wheel: string,
  into: string,
  parts: { readonly keep: string; readonly drop?: string },
  python: Python,
  world: WheelWorld,
): Promise<void> {
  const unpacked = await unpack({ python, world, archive: wheel, into, ...parts, onBytes: world.onBytes })
  if (unpacked.ok) return
  if (unpacked.diskIsFull) throw noSpace(staging.folder, 'more room', 'no bytes')
  throw badWheel(wheel, `it cannot be unpacked: ${unpacked.reason}`)
}

/** Moves the folders of `from` into the engine under construction, in place of those of an earlier try. */
function moveInto(from: string, staging: Staging): void {
  for (const name of readdirSync(from)) {
    const target = join(staging.engine, name)
    if (statSync(target, { throwIfNoEntry: false }) !== undefined)
      renameSync(target, join(staging.attempt, `old-${name}`))
    renameSync(join(from, name), target)
  }
}

/** Requirements of the wheel's `and-cuda` extra, as pip takes them. Call once it is unpacked. */
export function cudaRequirements(staging: Staging): readonly string[] {
  const [info] = readdirSync(staging.engine).filter((name) => name.endsWith('.dist-info'))
  const metadata = info === undefined ? '' : readFileSync(join(staging.engine, info, 'METADATA'), 'utf8')
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+);.*extra == .and-cuda./gm)].map((match) =>
    (match[1] ?? '').replace(/[\s()]/g, ''),
  )
}
