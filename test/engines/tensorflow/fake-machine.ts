// A machine for installations that are not: Python, pip, npm and the compiler are shell scripts that note how
// they were called, and make small files where the real ones would make large ones.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstallEvent } from '../../../runtime/engines/tensorflow/install/events.js'
import {
  type InstallRequest,
  installTensorFlow,
} from '../../../runtime/engines/tensorflow/install/install.js'
import type { InstallWorld } from '../../../runtime/engines/tensorflow/install/world.js'
import type { RunError } from '../../../runtime/platform/errors.js'

export interface FakeMachine {
  readonly folder: string
  readonly engines: string
  /** Puts a program on the PATH, or replaces it; undefined takes it away. */
  program(name: string, script: string | undefined): void
  /** How the programs were called, one line a call. */
  calls(): readonly string[]
  world(changes?: Partial<InstallWorld>): InstallWorld
  /** Installs with the machine's programs. */
  install(
    request?: Partial<InstallRequest>,
    world?: Partial<InstallWorld>,
    signal?: AbortSignal,
  ): Promise<readonly InstallEvent[]>
  /** The error that an installation ends with. */
  failure(
    request?: Partial<InstallRequest>,
    world?: Partial<InstallWorld>,
    signal?: AbortSignal,
  ): Promise<RunError>
  remove(): void
}

const pip = `case "$*" in
  *--version*) echo "pip 23.2" ;;
  *download*)
    while [ $# -gt 0 ]; do case "$1" in --dest) dest=$2 ;; esac; last=$1; shift; done
    case "$last" in
      nvidia*) touch "$dest/nvidia_cudnn_cu12-9.0-py3-none-manylinux_2_27_x86_64.whl" ;;
      *) echo "  Downloading wheel (1.5 MB)"; touch "$dest/tensorflow_cpu-\${last##*==}-cp311-cp311-manylinux_2_27_x86_64.whl" ;;
    esac ;;
esac`

/** Unpacking: the script's arguments are the archive and the folder. */
const unpack = `case "$1" in
  *.tgz)
    mkdir -p "$2/package/binding"
    echo '{"name":"@tensorflow/tfjs-node","version":"4.22.0"}' > "$2/package/package.json"
    touch "$2/package/binding/tfjs_backend.cc" ;;
  *nvidia*) mkdir -p "$2/nvidia/cudnn/lib"; echo cudnn > "$2/nvidia/cudnn/lib/libcudnn.so.9" ;;
  *)
    mkdir -p "$2/tensorflow/include/tensorflow/c" "$2/tensorflow_cpu-2.21.0.dist-info"
    touch "$2/tensorflow/include/tensorflow/c/c_api.h"
    echo 'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3; extra == "and-cuda"' > "$2/tensorflow_cpu-2.21.0.dist-info/METADATA"
    echo "total 10"; echo "done 10"
    echo library > "$2/tensorflow/libtensorflow_cc.so.2"
    echo framework > "$2/tensorflow/libtensorflow_framework.so.2" ;;
esac`

/** Python with the given pip and unpacking; the script of `-c` is told by what it does. */
export function fakePython(
  parts: { readonly pip?: string; readonly unpack?: string; readonly version?: string } = {},
): string {
  return `case "$1" in
  -m) shift 2
${parts.pip ?? pip}
  ;;
  -c) case "$2" in
    *version_info*) echo ${parts.version ?? '3.11.2'} ;;
    *) shift 2
${parts.unpack ?? unpack}
    ;;
  esac ;;
esac`
}

export const compiler = `case "$*" in
  --version) echo "g++ 12.2.0" ;;
  *) while [ $# -gt 0 ]; do case "$1" in -o) echo addon > "$2" ;; esac; shift; done ;;
esac`

export const npm = `case "$*" in
  --version) echo 10.0.0 ;;
  pack*) while [ $# -gt 0 ]; do case "$1" in --pack-destination) touch "$2/tensorflow-tfjs-node-4.22.0.tgz" ;; esac; shift; done ;;
esac`

export function fakeMachine(): FakeMachine {
  const folder = mkdtempSync(join(tmpdir(), 'saurun-install-'))
  const bin = join(folder, 'bin')
  const log = join(folder, 'calls')
  const engines = join(folder, 'engines')
  mkdirSync(bin)
  writeFileSync(log, '')
  const machine: FakeMachine = {
    folder,
    engines,
    program(name, script) {
      const file = join(bin, name)
      rmSync(file, { force: true })
      if (script === undefined) return
      const noted = `echo "${name} $(echo "$*" | tr '\\n' ' ' | cut -c1-60)" >> "${log}"`
      writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${noted}\n${script}\n`)
      chmodSync(file, 0o755)
    },
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
    world: (changes = {}) => ({
      environment: { PATH: bin },
      platform: 'linux',
      arch: 'x64',
      glibc: '2.36',
      packagesFrom: [],
      npmPrograms: [],
      freeBytes: () => 1e12,
      test: async () => ({ state: 'loads', description: 'TensorFlow 2.21.0, CPU', seconds: 1 }),
      ...changes,
    }),
    async install(request = {}, changes = {}, signal = new AbortController().signal) {
      const events: InstallEvent[] = []
      const whole = { engines, gpu: false, ...request }
      await installTensorFlow(whole, machine.world(changes), (event) => void events.push(event), signal)
      return events
    },
    async failure(request, changes, signal) {
      const error = await machine.install(request, changes, signal).then(
        () => undefined,
        (thrown: RunError) => thrown,
      )
      if (error === undefined) throw new Error('the installation did not fail')
      return error
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  machine.program('python3', fakePython())
  machine.program('g++', compiler)
  machine.program('npm', npm)
  return machine
}

/** Whether the programs of this machine can run at all. */
export const hasShell = existsSync('/bin/sh')
