// Experiments that this program holds as text: nothing of them lies on a disk.
import {
  type CompileResult,
  compileExperiment,
  type Host,
  type SourceFacts,
} from '../../../compiler/index.js'

/**
 * Compiles one text that imports nothing. `name` stands for its path, in places and messages. Data that it
 * does not draw itself is what `dataAt` says of the path in the text; sources share no images. Without
 * `dataAt` it is a bug to read data.
 */
export function compileText(
  name: string,
  text: string,
  dataAt?: (path: string) => Omit<SourceFacts, 'ok'>,
): CompileResult {
  const factsAt = (path: string): SourceFacts => {
    if (dataAt === undefined) throw new TypeError(`${name} reads ${path}`)
    return { ok: true, ...dataAt(path) }
  }
  const host: Host = {
    readText: (path) => (path === name ? text : undefined),
    resolve: (_from, path) => path,
    relative: (_from, path) => path,
    entries: () => undefined,
    variable: () => undefined,
    probe: ({ path }) => factsAt(path),
    digest: ({ path }) => path,
    labels: ({ path }) =>
      factsAt(path).counts.flatMap((count, label) => new Array<number>(count).fill(label)),
    sharedRecords: () => 'none',
  }
  return compileExperiment(host, { file: name, cwd: '/' })
}
