// The host that a process shares: the disk, with what was read before in the cache folder.
import type { Host } from '../../compiler/host.js'
import { cacheFolder } from './cache-folder.js'
import { createDiskHost } from './disk-host.js'

let shared: Host | undefined

/** The disk, with what was read before in the cache folder; one for the process. */
export function diskHost(): Host {
  shared ??= createDiskHost({ cacheFolder: cacheFolder() })
  return shared
}
