// The addon's C++ sources: of the npm package, without its install script. They are the same in the packages
// for CPU and GPU. A package that is installed anyway, or that an engine was made from before, is used where
// it is there; so this needs no line to the registry then.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { peerFolders, peerPackages } from '../library/find.js'
import { installedFolder } from '../library/installed.js'
import { unpack } from './archive.js'
import { lastLines, runTool } from './command.js'
import { downloadFailed, noNpm } from './failures.js'
import type { Staging } from './staging.js'
import { findNpm, type Python, type ToolWorld } from './tools.js'
import type { InstallWorld } from './world.js'

/** The version whose border `library/binding.ts` describes. */
export const packageVersion = '4.22.0'

export interface PackageSources {
  readonly name: string
  readonly note: string
}

/** npm's own settings make it wait for more than a minute where there is no line. */
const fewRetries = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '1000' } as const

const bringPackage = 'install the package with --ignore-scripts beside your experiments'

/** What of the package is kept: sources, description, licence. */
const keep = '^package/(binding/|package\\.json$|LICENSE)'

/**
 * Puts the package's sources into the engine under construction, as `package/`.
 * @throws RunError SAU7636 where it cannot be downloaded, SAU7644 without npm.
 */
export async function fetchSources(
  staging: Staging,
  request: Pick<InstallWorld, 'packagesFrom' | 'npmPrograms'> & {
    readonly gpu: boolean
    readonly engines: string
  },
  python: Python,
  world: ToolWorld,
): Promise<PackageSources> {
  const target = join(staging.engine, 'package')
  const beside = findSources(request.engines, request.packagesFrom)
  if (beside !== undefined) {
    const fresh = join(staging.attempt, 'package')
    mkdirSync(fresh)
    for (const name of ['binding', 'package.json', 'LICENSE']) {
      if (existsSync(join(beside.folder, name)))
        cpSync(join(beside.folder, name), join(fresh, name), { recursive: true })
    }
    replace(fresh, target)
    return { name: beside.name, note: `${beside.name} ${packageVersion}, from ${beside.folder}` }
  }
  const name = request.gpu ? peerPackages[0] : peerPackages[1]
  const npm = await findNpm(world, request.npmPrograms)
  if (npm === undefined) throw noNpm()
  const words = [
    'pack',
    `${name}@${packageVersion}`,
    '--ignore-scripts',
    '--prefer-offline',
    '--pack-destination',
    staging.attempt,
  ]
  const packed = await runTool({
    ...world,
    program: npm,
    words,
    environment: { ...fewRetries, ...world.environment },
    log: staging.log,
  })
  const archive = readdirSync(staging.attempt).find((file) => file.endsWith('.tgz'))
  if (packed.code !== 0 || archive === undefined)
    throw downloadFailed(`${name} ${packageVersion}`, npmReason(packed.all), bringPackage)
  const unpacked = await unpack({
    python,
    world,
    archive: join(staging.attempt, archive),
    into: staging.attempt,
    keep,
  })
  if (!unpacked.ok) throw downloadFailed(`${name} ${packageVersion}`, unpacked.reason, bringPackage)
  replace(join(staging.attempt, 'package'), target)
  return { name, note: `${name} ${packageVersion}` }
}

/**
 * Sources that are on this machine already: of the engine that is to be replaced, or of an installed npm
 * package.
 */
function findSources(engines: string, from: readonly string[]): { name: string; folder: string } | undefined {
  const peers = peerPackages.flatMap((name) => peerFolders(name, from))
  for (const folder of [join(installedFolder(engines), 'package'), ...peers]) {
    if (!existsSync(join(folder, 'binding', 'tfjs_backend.cc'))) continue
    const { name, version }: { name?: string; version?: string } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    if (name !== undefined && version === packageVersion) return { name, folder }
  }
  return undefined
}

/** Moves a finished folder to its place; what an earlier try left there goes to this one's rubbish. */
export function replace(from: string, to: string): void {
  if (existsSync(to)) renameSync(to, `${from}.old`)
  renameSync(from, to)
}

/** npm says many things; the line with the code of the error is the reason. */
function npmReason(output: string): string {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const told = lines.map((line) => line.replace(/^npm (error|ERR!) ?/, '')).filter((line) => line !== '')
  const code = told.find((line) => line.startsWith('code '))?.slice(5)
  const sentence =
    told.find((line) => !/^(code|errno|syscall|A complete log)/.test(line)) ?? lastLines(output, 1)
  return code === undefined ? sentence : `npm says ${code}, ${sentence}`
}
