// Installing TensorFlow, with every tool made up: what is seen of it, what is not, and what is said when
// something is missing.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InstallEvent } from '../../../runtime/engines/tensorflow/install/events.js'
import { lockEngines } from '../../../runtime/engines/tensorflow/install/staging.js'
import { libraryCandidates } from '../../../runtime/engines/tensorflow/library/find.js'
import { removeTensorFlow } from '../../../runtime/engines/tensorflow/remove.js'
import { compiler, type FakeMachine, fakeMachine, fakePython, hasShell, npm } from './fake-machine.js'

let machine: FakeMachine
beforeEach(() => {
  machine = fakeMachine()
})
afterEach(() => machine.remove())

const found = () => libraryCandidates({ engines: machine.engines, from: [] })
const stepsOf = (events: readonly InstallEvent[]) =>
  events.flatMap((event) =>
    event.event === 'step_done' ? [event.kept ? `${event.step} (kept)` : event.step] : [],
  )
const callsOf = (part: string) => machine.calls().filter((call) => call.includes(part)).length

/** Where wheels come from when nobody can be asked. */
const offline = `case "$*" in *--version*) ;; *)
  echo "WARNING: Retrying (Retry(total=4)) after connection broken by NewConnectionError" >&2
  echo "ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from versions: none)" >&2
  exit 1 ;;
esac`

describe.skipIf(!hasShell)('an installation (skipped where there is no shell to make tools of)', () => {
  test('goes through its steps, and then the engine is seen, whole, and nothing else is left', async () => {
    const events = await machine.install()
    expect(stepsOf(events)).toEqual(['tools', 'package', 'download', 'unpack', 'compile', 'test', 'publish'])
    expect(events.at(-1)).toMatchObject({ event: 'installed', already: false })
    expect(readdirSync(machine.engines)).toEqual(['tensorflow'])
    const folder = join(machine.engines, 'tensorflow')
    expect(found()).toEqual([
      {
        origin: 'installed by saurun',
        folder,
        usable: process.platform === 'linux' && process.arch === 'x64',
        place: { addon: join(folder, 'tfjs_binding.node'), packageName: '@tensorflow/tfjs-node 4.22.0' },
      },
    ])
    expect(existsSync(join(folder, 'tensorflow', 'include'))).toBe(false)
    expect(JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8'))).toMatchObject({
      version: '2.21.0',
      gpu: false,
      platform: 'linux x64',
      files: { 'tfjs_binding.node': 6, 'tensorflow/libtensorflow_cc.so.2': 8 },
    })
  })

  test('with --gpu puts CUDA beside TensorFlow', async () => {
    const events = await machine.install({ gpu: true })
    expect(stepsOf(events)).toContain('cuda_unpack')
    expect(machine.calls().some((call) => call.includes('pip download'))).toBe(true)
    expect(existsSync(join(machine.engines, 'tensorflow', 'nvidia', 'cudnn', 'lib', 'libcudnn.so.9'))).toBe(
      true,
    )
  })

  test('says how much was downloaded and unpacked', async () => {
    expect(await machine.install()).toContainEqual({
      event: 'step_progress',
      step: 'unpack',
      bytes: 10,
      total: 10,
    })
  })

  test('of what is there already does nothing', async () => {
    await machine.install()
    const calls = machine.calls().length
    expect((await machine.install()).at(-1)).toMatchObject({ event: 'installed', already: true })
    expect(machine.calls()).toHaveLength(calls)
  })

  test('of what is there already clears away what a try that was killed at its very end has left', async () => {
    await machine.install()
    mkdirSync(join(machine.engines, 'tensorflow.staging', 'attempt-dead'), { recursive: true })
    await machine.install()
    expect(readdirSync(machine.engines)).toEqual(['tensorflow'])
  })

  test('of another version replaces the one that is there, from the sources that it was made of', async () => {
    await machine.install()
    await machine.install({ version: '2.18.1' })
    expect(readFileSync(join(machine.engines, 'tensorflow', 'engine.json'), 'utf8')).toContain('"2.18.1"')
    expect(callsOf('npm pack')).toBe(1)
    expect(readdirSync(machine.engines)).toEqual(['tensorflow'])
  })

  test('mends an engine that was damaged', async () => {
    await machine.install()
    writeFileSync(join(machine.engines, 'tensorflow', 'tensorflow', 'libtensorflow_cc.so.2'), 'lib')
    expect(found()).toMatchObject([{ usable: false }])
    await machine.install()
    expect(found()).toMatchObject([{ folder: join(machine.engines, 'tensorflow') }])
    expect(
      readFileSync(join(machine.engines, 'tensorflow', 'tensorflow', 'libtensorflow_cc.so.2'), 'utf8'),
    ).toBe('library\n')
  })

  test('takes the compiler and the Python that the user names', async () => {
    machine.program('ccache', `shift\n${compiler}`)
    machine.program('snake', fakePython())
    machine.program('g++', undefined)
    machine.program('python3', undefined)
    const environment = { ...machine.world().environment, CXX: 'ccache c++', PYTHON: 'snake' }
    await machine.install({}, { environment })
    expect(callsOf('ccache c++ -std=c++17')).toBe(1)
  })

  test('takes a wheel that the user brings, without pip', async () => {
    machine.program('python3', fakePython({ pip: 'exit 1' }))
    const wheel = join(
      machine.folder,
      'tensorflow_cpu-2.20.0-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    )
    writeFileSync(wheel, '')
    await machine.install({ wheel })
    expect(readFileSync(join(machine.engines, 'tensorflow', 'engine.json'), 'utf8')).toContain('"2.20.0"')
  })

  test('takes the sources of an npm package that is installed anyway, without a line', async () => {
    const binding = join(machine.folder, 'node_modules', '@tensorflow', 'tfjs-node', 'binding')
    mkdirSync(binding, { recursive: true })
    writeFileSync(join(binding, 'tfjs_backend.cc'), '')
    writeFileSync(join(binding, '..', 'package.json'), '{"name":"@tensorflow/tfjs-node","version":"4.22.0"}')
    machine.program('npm', undefined)
    await machine.install({}, { packagesFrom: [machine.folder] })
    expect(existsSync(join(machine.engines, 'tensorflow', 'package', 'binding', 'tfjs_backend.cc'))).toBe(
      true,
    )
  })

  test('asks pip for wheels of another Python where the first has none', async () => {
    const only = `case "$*" in
      *"--python-version 3.12"*) while [ $# -gt 0 ]; do case "$1" in --dest) touch "$2/tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl" ;; esac; shift; done ;;
      *download*) echo "ERROR: Could not find a version that satisfies the requirement x (from versions: 2.22.0)"; exit 1 ;;
    esac`
    machine.program('python3', fakePython({ pip: only }))
    await machine.install()
    expect(callsOf('pip download')).toBe(2)
  })
})

describe.skipIf(!hasShell)('a second try (skipped where there is no shell to make tools of)', () => {
  test('goes on from the steps that are done', async () => {
    machine.program('g++', `case "$*" in --version) echo g++ ;; *) echo "error: no" >&2; exit 1 ;; esac`)
    expect((await machine.failure()).code).toBe('SAU7639')
    machine.program('g++', compiler)
    expect(stepsOf(await machine.install())).toEqual([
      'tools',
      ...['package (kept)', 'download (kept)', 'unpack (kept)'],
      ...['compile', 'test', 'publish'],
    ])
    expect([callsOf('pip download'), callsOf('npm pack')]).toEqual([1, 1])
  })

  test('does a step again whose files have changed since', async () => {
    machine.program('g++', `case "$*" in --version) echo g++ ;; *) exit 1 ;; esac`)
    await machine.failure()
    writeFileSync(
      join(machine.engines, 'tensorflow.staging', 'engine', 'tensorflow', 'libtensorflow_cc.so.2'),
      '',
    )
    machine.program('g++', compiler)
    expect(stepsOf(await machine.install())).toContain('unpack')
  })

  test('for another version begins anew', async () => {
    machine.program('g++', `case "$*" in --version) echo g++ ;; *) exit 1 ;; esac`)
    await machine.failure()
    machine.program('g++', compiler)
    expect(stepsOf(await machine.install({ version: '2.18.1' }))).toContain('download')
  })

  test('takes over from a process that died, and throws its half-made files away', async () => {
    mkdirSync(join(machine.engines, 'tensorflow.staging', 'attempt-dead'), { recursive: true })
    const owner = {
      pid: 2 ** 22 + 1,
      began: 'unknown',
      host: (await import('node:os')).hostname(),
      token: 'dead',
    }
    writeFileSync(join(machine.engines, 'owner.json'), JSON.stringify(owner))
    await machine.install()
    expect(readdirSync(machine.engines)).toEqual(['tensorflow'])
  })
})

interface Mishap {
  readonly code: string
  readonly says: string
  readonly arrange?: () => void
  readonly request?: Parameters<FakeMachine['install']>[0]
  readonly world?: Parameters<FakeMachine['install']>[1]
}

const mishaps: Readonly<Record<string, Mishap>> = {
  'on macOS': { code: 'SAU7631', says: 'darwin arm64', world: { platform: 'darwin', arch: 'arm64' } },
  'on Windows': { code: 'SAU7631', says: 'win32 x64', world: { platform: 'win32' } },
  'without glibc': { code: 'SAU7631', says: 'another C library', world: { glibc: undefined } },
  'for GPUs on arm64': {
    code: 'SAU7631',
    says: 'for GPUs',
    world: { arch: 'arm64' },
    request: { gpu: true },
  },
  'without Python': {
    code: 'SAU7632',
    says: 'tried python3, python, py -3',
    arrange: () => machine.program('python3', undefined),
  },
  'with a Python that is too old': {
    code: 'SAU7632',
    says: '3.7',
    arrange: () => machine.program('python3', fakePython({ version: '2.7.18' })),
  },
  'without pip': {
    code: 'SAU7633',
    says: 'python3 has no pip',
    arrange: () => machine.program('python3', fakePython({ pip: 'exit 1' })),
  },
  'without a compiler': {
    code: 'SAU7634',
    says: 'tried g++, clang++, c++',
    arrange: () => machine.program('g++', undefined),
  },
  'without room': { code: 'SAU7635', says: 'needs 2.0 GB', world: { freeBytes: () => 5e8 } },
  'when the disk fills up while pip works': {
    code: 'SAU7635',
    says: 'needs more room',
    arrange: () =>
      machine.program(
        'python3',
        fakePython({
          pip: 'case "$*" in *--version*) ;; *) echo "OSError: [Errno 28] No space left on device"; exit 1 ;; esac',
        }),
      ),
  },
  'when npm reaches no registry': {
    code: 'SAU7636',
    says: 'npm says ENOTFOUND, request failed',
    arrange: () =>
      machine.program(
        'npm',
        'case "$*" in --version) ;; *) echo "npm error code ENOTFOUND" >&2; echo "npm error request failed" >&2; exit 1 ;; esac',
      ),
  },
  'when pip reaches no index': {
    code: 'SAU7636',
    says: 'cannot be reached',
    arrange: () => machine.program('python3', fakePython({ pip: offline })),
  },
  'of a version that is not there': {
    code: 'SAU7637',
    says: 'there are 2.12.0, 2.21.0',
    request: { version: '2.99.0' },
    arrange: () =>
      machine.program(
        'python3',
        fakePython({
          pip: 'case "$*" in *--version*) ;; *) echo "ERROR: Could not find a version that satisfies the requirement x (from versions: 2.11.0, 2.12.0rc0, 2.12.0, 2.21.0)"; exit 1 ;; esac',
        }),
      ),
  },
  'of a version that is too old': {
    code: 'SAU7637',
    says: 'TensorFlow 2.9.1',
    request: { version: '2.9.1' },
  },
  'of a version that is no version': {
    code: 'SAU7637',
    says: 'TensorFlow newest',
    request: { version: 'newest' },
  },
  'from a wheel that is not there': {
    code: 'SAU7638',
    says: 'no such file',
    request: { wheel: '/nowhere/x.whl' },
  },
  'when the addon does not compile': {
    code: 'SAU7639',
    says: "binding.cc:1:10: fatal error: 'napi.h' not found",
    arrange: () =>
      machine.program(
        'g++',
        `case "$*" in --version) echo g++ ;; *) echo "binding.cc:1:10: fatal error: 'napi.h' not found" >&2; exit 1 ;; esac`,
      ),
  },
  'when the engine computes something else': {
    code: 'SAU7640',
    says: 'its losses differ',
    world: { test: async () => ({ state: 'wrong', description: 'TensorFlow', reason: 'its losses differ' }) },
  },
  'when the engine crashes': {
    code: 'SAU7640',
    says: 'was ended by SIGILL',
    world: {
      test: async () => ({ state: 'broken', reason: 'the process that tried it was ended by SIGILL' }),
    },
  },
  'into a folder that cannot be': {
    code: 'SAU7643',
    says: 'cannot be written',
    arrange: () => writeFileSync(machine.engines, 'a file'),
  },
  'without npm': { code: 'SAU7644', says: 'no npm', arrange: () => machine.program('npm', undefined) },
}

describe.skipIf(!hasShell)('an installation fails (skipped where there is no shell to make tools of)', () => {
  test.each(Object.entries(mishaps))(
    '%s, with its code and a way out, and nothing is seen of it',
    async (_name, mishap) => {
      mishap.arrange?.()
      const error = await machine.failure(mishap.request, mishap.world)
      expect(error.message).toContain(mishap.says)
      expect(error).toMatchObject({ code: mishap.code, exitCode: 1, help: expect.stringMatching(/\w+ \w+/) })
      expect(found()).toEqual([])
    },
  )

  test.each([
    ['tensorflow_cpu-2.21.0-cp311-cp311-macosx_12_0_arm64.whl', 'it is for macosx_12_0_arm64'],
    ['tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl', 'and this is linux x86_64'],
    ['numpy-2.0.0-cp311-cp311-manylinux_2_27_x86_64.whl', 'not that of a wheel of TensorFlow'],
  ])('on the wheel %s', async (name, says) => {
    const wheel = join(machine.folder, name)
    writeFileSync(wheel, '')
    expect(await machine.failure({ wheel })).toMatchObject({
      code: 'SAU7638',
      message: expect.stringContaining(says),
    })
  })

  test('on a wheel that is damaged, or holds something else', async () => {
    const wheel = join(machine.folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl')
    writeFileSync(wheel, '')
    const sources = `case "$1" in *.tgz) mkdir -p "$2/package/binding"; echo '{}' > "$2/package/package.json"; touch "$2/package/binding/tfjs_backend.cc" ;;`
    machine.program(
      'python3',
      fakePython({ unpack: `${sources} *) echo "File is not a zip file" >&2; exit 3 ;; esac` }),
    )
    expect(await machine.failure({ wheel })).toMatchObject({
      code: 'SAU7638',
      message: expect.stringContaining('File is not a zip file'),
    })
    machine.program('python3', fakePython({ unpack: `${sources} *) mkdir -p "$2/tensorflow" ;; esac` }))
    expect(await machine.failure({ wheel })).toMatchObject({
      code: 'SAU7638',
      message: expect.stringContaining('it holds no'),
    })
  })

  test('while another process installs, and says which', async () => {
    const lock = lockEngines(machine.engines)
    const error = await machine.failure()
    expect(error).toMatchObject({
      code: 'SAU7641',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    lock.release()
    await machine.install()
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('when %s ends it: the tools end too, and the exit code says so', async (signal, exitCode) => {
    machine.program('python3', fakePython({ pip: 'case "$*" in *--version*) ;; *) sleep 60 ;; esac' }))
    const ending = new AbortController()
    const failure = machine.failure({}, {}, ending.signal)
    while (callsOf('pip download') === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    ending.abort(signal)
    const started = performance.now()
    expect(await failure).toMatchObject({
      code: 'SAU7642',
      exitCode,
      help: expect.stringContaining('goes on from here'),
    })
    expect(performance.now() - started).toBeLessThan(5000)
    expect(found()).toEqual([])
    machine.program('python3', fakePython())
    expect(stepsOf(await machine.install())).toContain('package (kept)')
  })
})

describe.skipIf(!hasShell)('removing (skipped where there is no shell to make tools of)', () => {
  test('takes the engine away, and what was never finished', async () => {
    await machine.install()
    machine.program('npm', npm)
    mkdirSync(join(machine.engines, 'tensorflow.staging'))
    expect(removeTensorFlow(machine.engines)).toBe(true)
    expect(readdirSync(machine.engines)).toEqual([])
    expect(removeTensorFlow(machine.engines)).toBe(false)
  })
})
