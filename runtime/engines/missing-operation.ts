// What every engine says of an operation that it has no form for.
import type { Node } from '../../compiler/graph/graph.js'
import { exitCodes, RunError } from '../errors.js'
import type { Engine } from './engine.js'

/** SAU7602, naming the operation and the line of the `.sau` file that it comes from. */
export function missingOperation(engine: Engine['name'], node: Node): RunError {
  const place = node.at === undefined ? '' : ` (${node.at.file}:${node.at.line})`
  return new RunError(
    'SAU7602',
    `the ${engine} engine cannot run the operation \`${node.op}\`${place}`,
    'choose another engine with `--engine`; `saurun doctor` lists those that are there',
    exitCodes.doesNotCompile,
  )
}
