// What a dataset holds, in one short string.
import { createHash } from 'node:crypto'
import type { DatasetMake, DatasetNode } from './dataset-node.js'

const keys = new WeakMap<DatasetNode, string>()

/** Equal for equal records in equal order. Inputs count by their own keys, so that long chains stay cheap. */
export function datasetKey(node: DatasetNode): string {
  const known = keys.get(node)
  if (known !== undefined) return known
  const key = createHash('sha256').update(describeMake(node.make)).digest('hex')
  keys.set(node, key)
  return key
}

function describeMake(make: DatasetMake): string {
  switch (make.op) {
    case 'source':
      return JSON.stringify(make)
    case 'fill':
      return JSON.stringify({ ...make, base: datasetKey(make.base), from: datasetKey(make.from) })
    case 'both':
      return JSON.stringify([make.op, datasetKey(make.first), datasetKey(make.second)])
    case 'indexed':
      return JSON.stringify([make.op, make.sha256, datasetKey(make.input)])
    case 'unknown':
      return make.op
    default:
      return JSON.stringify({ ...make, input: datasetKey(make.input) })
  }
}
