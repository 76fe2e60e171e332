// The host that a process shares: the disk, with what was read before in the cache folder.
import { pathsOf } from '../../../compiler/plan/sources.js'
import { cacheFolder } from '../../platform/host/cache-folder.js'
import type { DataHost } from './data-host.js'
import { createDiskHost } from './disk-host.js'

let shared: DataHost | undefined
const read = new Set<string>()

/** The disk, with what was read before in the cache folder; one for the process. */
export function diskHost(): DataHost {
  shared ??= noting(createDiskHost({ cacheFolder: cacheFolder() }))
  return shared
}

/**
 * Absolute paths of all texts, data files and folders that this process has asked its host for: what no
 * output may replace.
 */
export function filesRead(): ReadonlySet<string> {
  return read
}

function noting(host: DataHost): DataHost {
  return {
    ...host,
    readText(path, atMost) {
      read.add(path)
      return host.readText(path, atMost)
    },
    probe(request) {
      for (const path of pathsOf(request)) read.add(path)
      return host.probe(request)
    },
  }
}
