// What a dataset holds, in one short string.
import { createHash } from 'node:crypto'
import { datasetOperationOf, decisive } from '../plan/dataset-operations.js'
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
  if (make.op === 'unknown') return make.op
  return JSON.stringify(decisive(datasetOperationOf(make, { dataset: datasetKey, source: (draft) => draft })))
}
