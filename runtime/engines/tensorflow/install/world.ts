// What an installation sees of the machine. Tests bring their own.
import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageFolder } from '../../../platform/compiled-entry.js'
import type { EngineReport } from '../../engine-report.js'
import type { LibraryPlace } from '../library/load.js'

export interface InstallWorld {
  readonly environment: NodeJS.ProcessEnv
  readonly platform: string
  readonly arch: string
  /** Version of the C library, where it is glibc. */
  readonly glibc: string | undefined
  /** Folders from which the npm package is looked for, as an import there would. */
  readonly packagesFrom: readonly string[]
  /** Files of npm's own program, where the PATH has none. */
  readonly npmPrograms: readonly string[]
  /** Bytes that may be written to the disk of a folder; undefined where the system does not say. */
  readonly freeBytes: (folder: string) => number | undefined
  /** Loads the engine and compares it with the reference engine. */
  readonly test: (place: LibraryPlace, signal: AbortSignal) => Promise<EngineReport>
}

/** @param test loads an engine that was just installed and compares it with the reference engine */
export function processWorld(test: InstallWorld['test']): InstallWorld {
  return {
    environment: process.env,
    platform: process.platform,
    arch: process.arch,
    glibc: glibcVersion(),
    packagesFrom: [process.cwd(), packageFolder],
    npmPrograms: npmPrograms(),
    freeBytes(folder) {
      try {
        mkdirSync(folder, { recursive: true })
        const { bavail, bsize } = statfsSync(folder)
        return bavail * bsize
      } catch {
        return undefined
      }
    },
    test,
  }
}

/** The npm that started this process, and the one that came with this Node. */
function npmPrograms(): readonly string[] {
  const { npm_execpath: starter = '' } = process.env
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  return [starter, beside].filter((file) => /npm-cli\.c?js$/.test(file) && existsSync(file))
}

/** Undefined on other C libraries. Node's types give the report as an object of nothing known. */
function glibcVersion(): string | undefined {
  const report = process.report.getReport() as unknown as {
    readonly header?: { readonly glibcVersionRuntime?: string }
  }
  return report.header?.glibcVersionRuntime
}
