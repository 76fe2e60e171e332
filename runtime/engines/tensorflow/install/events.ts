// What an installation says while it goes on: lines of JSON with `--json`, else what the command line shows.

export type InstallStep =
  | 'tools'
  | 'package'
  | 'download'
  | 'unpack'
  | 'cuda_download'
  | 'cuda_unpack'
  | 'compile'
  | 'test'
  | 'publish'

export type InstallEvent =
  | {
      readonly event: 'install_started'
      /** Version asked for; undefined where a wheel file says it later. */
      readonly version: string | undefined
      readonly gpu: boolean
      /** Folder that the engine will be seen in. */
      readonly folder: string
    }
  | { readonly event: 'step_started'; readonly step: InstallStep; readonly title: string }
  /** Bytes of the step so far, and in all where that is known. */
  | {
      readonly event: 'step_progress'
      readonly step: InstallStep
      readonly bytes: number
      readonly total: number | undefined
    }
  | {
      readonly event: 'step_done'
      readonly step: InstallStep
      readonly seconds: number
      /** Whether an earlier try had finished it. */
      readonly kept: boolean
      /** What was found or made. */
      readonly note: string
    }
  | {
      readonly event: 'installed'
      readonly folder: string
      /** Version and device in words. */
      readonly description: string
      readonly bytes: number
      readonly seconds: number
      /** Whether it was there before, and nothing was done. */
      readonly already: boolean
    }
