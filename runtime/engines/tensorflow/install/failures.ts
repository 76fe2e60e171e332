// Everything that can go wrong with an installation and that its user can do something about.
import { exitCodes, RunError } from '../../../platform/errors.js'

const again = 'run the same command again: it goes on from here'

export function wrongPlatform(where: string): RunError {
  return new RunError(
    'SAU7631',
    `TensorFlow can be installed on Linux with glibc, x64 or arm64, and this is ${where}`,
    'train on the engine `onnx`, which works here; where the npm package @tensorflow/tfjs-node installs itself, it is used too',
    exitCodes.failed,
  )
}

export function noGpuBuild(where: string): RunError {
  return new RunError(
    'SAU7631',
    `there is no TensorFlow for GPUs for ${where}`,
    'leave out --gpu',
    exitCodes.failed,
  )
}

export function noPython(tried: readonly string[]): RunError {
  return new RunError(
    'SAU7632',
    `no Python 3.7 or later is there (tried ${tried.join(', ')})`,
    'install Python, or name one: `PYTHON=/path/to/python saurun engine install tensorflow`',
    exitCodes.failed,
  )
}

export function noPip(python: string): RunError {
  return new RunError(
    'SAU7633',
    `${python} has no pip, which downloads TensorFlow`,
    `install it (\`${python} -m ensurepip\`, or the system's package python3-pip), or bring the wheel with --wheel`,
    exitCodes.failed,
  )
}

export function noCompiler(tried: readonly string[]): RunError {
  return new RunError(
    'SAU7634',
    `no C++ compiler is there (tried ${tried.join(', ')})`,
    'install g++ or clang++, or name one: `CXX=/path/to/c++ saurun engine install tensorflow`',
    exitCodes.failed,
  )
}

export function noSpace(folder: string, needed: string, free: string): RunError {
  return new RunError(
    'SAU7635',
    `installing needs ${needed} under ${folder}, and ${free} are free`,
    'make room, or choose another disk with SAURUN_ENGINES',
    exitCodes.failed,
  )
}

/** `instead`: what helps without a line. */
export function downloadFailed(what: string, reason: string, instead: string): RunError {
  return new RunError(
    'SAU7636',
    `${what} could not be downloaded: ${reason}`,
    `with a line to the registry, ${again}; without one, ${instead}`,
    exitCodes.failed,
  )
}

export function noSuchVersion(version: string, known: readonly string[]): RunError {
  const list = known.length === 0 ? '' : `; there are ${known.join(', ')}`
  return new RunError(
    'SAU7637',
    `there is no TensorFlow ${version} that can be used here${list}`,
    'versions from 2.12 on can be used; leave --version out for the one that saurun is tested with',
    exitCodes.failed,
  )
}

export function badWheel(file: string, reason: string): RunError {
  return new RunError(
    'SAU7638',
    `${file} cannot be used: ${reason}`,
    'take a wheel of tensorflow-cpu (or tensorflow) for this platform, such as `pip download --no-deps tensorflow-cpu` fetches',
    exitCodes.failed,
  )
}

export function doesNotCompile(compiler: string, lines: string, log: string): RunError {
  return new RunError(
    'SAU7639',
    `${compiler} does not compile the addon:\n${lines.replace(/^/gm, '    ')}`,
    `all that it printed is in ${log}; another compiler is named by CXX`,
    exitCodes.failed,
  )
}

export function failsItsTest(reason: string): RunError {
  return new RunError(
    'SAU7640',
    `TensorFlow was built and does not pass its self-test: ${reason}`,
    'try another version with --version; nothing was installed',
    exitCodes.failed,
  )
}

export function inProgress(who: string): RunError {
  return new RunError(
    'SAU7641',
    `another process installs or removes an engine at the moment (${who})`,
    'wait until it has ended, then run `saurun engine list`',
    exitCodes.failed,
  )
}

export function interrupted(signal: string): RunError {
  return new RunError(
    'SAU7642',
    `the installation was ended by ${signal}; nothing of it counts as an engine`,
    again,
    signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated,
  )
}

export function cannotWrite(folder: string, reason: string): RunError {
  return new RunError(
    'SAU7643',
    `the folder of the engines, ${folder}, cannot be written: ${reason}`,
    'choose another one with SAURUN_ENGINES',
    exitCodes.failed,
  )
}

export function noNpm(): RunError {
  return new RunError(
    'SAU7644',
    "no npm is there, which downloads the addon's sources",
    'put npm on the PATH, or install @tensorflow/tfjs-node beside your experiments with --ignore-scripts',
    exitCodes.failed,
  )
}
