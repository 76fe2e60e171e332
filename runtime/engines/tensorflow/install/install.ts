// `saurun engine install tensorflow`: makes a working engine, step by step, out of sight; what can be seen is
// whole.
import { join, resolve } from 'node:path'
import { RunError } from '../../../platform/errors.js'
import { hasCode } from '../../../platform/system-errors.js'
import { addonFile, installedFolder, installedProblem, readInstalled } from '../library/installed.js'
import { compileAddon } from './compile-addon.js'
import type { InstallEvent, InstallStep } from './events.js'
import { cannotWrite, failsItsTest, interrupted, noGpuBuild, noSpace, wrongPlatform } from './failures.js'
import { folderBytes } from './folder-size.js'
import { fetchSources, packageVersion } from './package-sources.js'
import { publish } from './publish.js'
import {
  discardStaging,
  lockEngines,
  openStaging,
  type Staging,
  type StepRecord,
  statIdentity,
} from './staging.js'
import { findCompiler, findPython, type ToolWorld } from './tools.js'
import {
  checkVersion,
  cudaRequirements,
  defaultVersion,
  downloadWheels,
  projectName,
  unpackCuda,
  unpackTensorFlow,
  wheelVersion,
} from './wheels.js'
import type { InstallWorld } from './world.js'

export interface InstallRequest {
  /** Folder of the installed engines. */
  readonly engines: string
  readonly gpu: boolean
  /** Version of TensorFlow; default: the one that is tested. */
  readonly version?: string | undefined
  /** A wheel's file, to be used instead of a download. */
  readonly wheel?: string | undefined
}

/**
 * Bytes that an installation takes at its height, measured with 2.21 and rounded up: wheels, pip's copies,
 * what is unpacked.
 */
const neededBytes = { cpu: 2e9, gpu: 14e9 } as const

/**
 * Installs TensorFlow, or goes on where an earlier try of the same request was ended.
 * @param signal ends it; its reason is the name of the signal
 * @throws RunError SAU7631..SAU7644, one for each thing that its user can do something about. Nothing is seen
 * then that was not there before.
 */
export async function installTensorFlow(
  request: InstallRequest,
  world: InstallWorld,
  emit: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now()
  checkPlatform(request, world)
  const wheel = request.wheel === undefined ? undefined : resolve(request.wheel)
  if (request.version !== undefined) checkVersion(request.version)
  const version = wheel === undefined ? (request.version ?? defaultVersion) : wheelVersion(wheel, world.arch)
  const { engines, gpu } = request
  const folder = installedFolder(engines)
  emit({ event: 'install_started', version, gpu, folder })
  if (isThere(folder, version, gpu)) {
    discardLeftovers(engines)
    const description = `TensorFlow ${version}${gpu ? ' for GPUs' : ''}`
    emit({ event: 'installed', folder, description, bytes: folderBytes(folder), seconds: 0, already: true })
    return
  }
  const lock = lockEngines(engines)
  try {
    const identity = wheel === undefined ? undefined : statIdentity(wheel)
    const staging = openStaging(engines, { version, gpu, wheel: identity })
    const { description, bytes } = await build({ engines, gpu, version, wheel }, staging, world, emit, signal)
    const seconds = (performance.now() - started) / 1000
    emit({ event: 'installed', folder, description, bytes, seconds, already: false })
  } catch (error) {
    throw asInstallError(error, engines, signal)
  } finally {
    lock.release()
  }
}

interface Build {
  readonly engines: string
  readonly gpu: boolean
  readonly version: string
  readonly wheel: string | undefined
}

async function build(
  { engines, gpu, version, wheel }: Build,
  staging: Staging,
  world: InstallWorld,
  emit: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<{ description: string; bytes: number }> {
  const tools: ToolWorld = { environment: world.environment, folder: staging.attempt, signal }
  checkSpace(staging, gpu, world)
  const step = steps(staging, emit, signal)
  const wheels = (name: InstallStep) => ({
    ...tools,
    onBytes: (bytes: number, total: number | undefined) =>
      emit({ event: 'step_progress', step: name, bytes, total }),
  })

  const needsPip = wheel === undefined || gpu
  const [python, compiler] = await step.plain('tools', 'looking for Python and a C++ compiler', async () => {
    const found = [await findPython(tools, needsPip), await findCompiler(tools)] as const
    return [found, `Python ${found[0].version}, ${found[1].version}`]
  })
  const sources = await step.kept('package', "the addon's sources", async () => {
    const { note } = await fetchSources(staging, { ...world, gpu, engines }, python, tools)
    return [note, ['engine/package/package.json', 'engine/package/binding/tfjs_backend.cc']]
  })
  const project = projectName(gpu, world.arch)
  const downloaded =
    wheel !== undefined
      ? undefined
      : await step.kept('download', `downloading ${project} ${version}`, async () => {
          const wanted = [`${project}==${version}`]
          const names = await downloadWheels(
            staging,
            'wheels',
            wanted,
            { version },
            python,
            wheels('download'),
          )
          return [names.map((name) => name.replace(/^wheels./, '')).join(', '), names]
        })
  await step.kept('unpack', 'unpacking libraries and headers', async () => {
    const [name = ''] = Object.keys(downloaded?.files ?? {})
    const file = wheel ?? join(staging.folder, name)
    const files = await unpackTensorFlow(staging, file, python, wheels('unpack'))
    return [`TensorFlow ${version}`, files]
  })
  if (gpu) {
    const cuda = await step.kept('cuda_download', 'downloading CUDA', async () => {
      const wanted = cudaRequirements(staging)
      const beside = wheel === undefined ? undefined : resolve(wheel, '..')
      const names = await downloadWheels(
        staging,
        'cuda',
        wanted,
        { version, beside },
        python,
        wheels('cuda_download'),
      )
      return [`${names.length} packages`, names]
    })
    await step.kept('cuda_unpack', 'unpacking CUDA', async () => {
      const archives = Object.keys(cuda.files).map((name) => join(staging.folder, name))
      const files = await unpackCuda(staging, archives, python, wheels('cuda_unpack'))
      return [`${files.length} libraries`, files]
    })
  }
  await step.kept('compile', `compiling the addon with ${compiler.program.join(' ')}`, async () => {
    await compileAddon(staging, compiler, tools)
    return [compiler.version, [join('engine', addonFile)]]
  })
  const packageName = sources.note.split(/[ ,]/, 1)[0] ?? ''
  const description = await step.plain('test', 'comparing it with the reference engine', async () => {
    const place = { addon: join(staging.engine, addonFile), packageName: `${packageName} ${packageVersion}` }
    const report = await world.test(place, signal)
    signal.throwIfAborted()
    if (report.state !== 'loads') throw failsItsTest(report.reason)
    return [report.description, report.description]
  })
  const bytes = await step.plain('publish', 'putting it into its place', async () => {
    publish(staging, engines, {
      version,
      gpu,
      packageName,
      packageVersion,
      platform: `${world.platform} ${world.arch}`,
    })
    return [folderBytes(installedFolder(engines)), installedFolder(engines)]
  })
  return { description, bytes }
}

/** Runs steps one after the other, saying when each begins and ends. */
function steps(staging: Staging, emit: (event: InstallEvent) => void, signal: AbortSignal) {
  const run = async <T>(
    step: InstallStep,
    title: string,
    action: () => Promise<{ result: T; note: string; kept: boolean }>,
  ): Promise<T> => {
    signal.throwIfAborted()
    emit({ event: 'step_started', step, title })
    const started = performance.now()
    const { result, note, kept } = await action()
    emit({ event: 'step_done', step, seconds: (performance.now() - started) / 1000, kept, note })
    return result
  }
  return {
    /** A step that every try does anew. `action` gives the result and the note. */
    plain: <T>(step: InstallStep, title: string, action: () => Promise<readonly [T, string]>): Promise<T> =>
      run(step, title, async () => {
        const [result, note] = await action()
        return { result, note, kept: false }
      }),
    /**
     * A step that is not done again where an earlier try finished it. `action` gives the note and the files.
     */
    kept: (
      step: InstallStep,
      title: string,
      action: () => Promise<readonly [string, readonly string[]]>,
    ): Promise<StepRecord> =>
      run(step, title, async () => {
        const before = staging.kept(step)
        if (before !== undefined) return { result: before, note: before.note, kept: true }
        const result = staging.finish(step, ...(await action()))
        return { result, note: result.note, kept: false }
      }),
  }
}

function checkPlatform({ gpu }: InstallRequest, { platform, arch, glibc }: InstallWorld): void {
  const here = `${platform} ${arch}`
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) throw wrongPlatform(here)
  if (glibc === undefined) throw wrongPlatform(`${here} with another C library`)
  if (gpu && arch !== 'x64') throw noGpuBuild(here)
}

/** @throws RunError SAU7635 where the rest of the installation does not fit. */
function checkSpace(staging: Staging, gpu: boolean, world: InstallWorld): void {
  const needed = Math.max(0, neededBytes[gpu ? 'gpu' : 'cpu'] - staging.keptBytes())
  const free = world.freeBytes(staging.folder)
  if (free !== undefined && free < needed) throw noSpace(staging.folder, gigabytes(needed), gigabytes(free))
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function isThere(folder: string, version: string, gpu: boolean): boolean {
  try {
    const there = readInstalled(folder)
    return there?.version === version && there.gpu === gpu && installedProblem(folder, there) === undefined
  } catch {
    return false
  }
}

/** A try that was killed after its last rename has left its empty scaffolding. */
function discardLeftovers(engines: string): void {
  try {
    const lock = lockEngines(engines)
    discardStaging(engines)
    lock.release()
  } catch {
    // Another process works there, or the folder is only to be read: both are no matter for an engine that is
    // there.
  }
}

function asInstallError(error: unknown, engines: string, signal: AbortSignal): unknown {
  if (signal.aborted) return interrupted(String(signal.reason))
  if (error instanceof RunError || !(error instanceof Error)) return error
  if (hasCode(error, 'ENOSPC')) return noSpace(engines, 'more room', 'no bytes')
  const refusals = ['EACCES', 'EPERM', 'EROFS', 'EDQUOT']
  return refusals.some((code) => hasCode(error, code)) ? cannotWrite(engines, error.message) : error
}
