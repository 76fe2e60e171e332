// Labels that count from 1, as MATLAB, EMNIST's letters and many lists have them: here they count from 0.
import type { SourceRequest } from '../host.js'
import type { DatasetNode } from '../types/dataset-node.js'

/** How 1 is subtracted from every label of a file, by format. */
const subtraction: Readonly<Partial<Record<SourceRequest['format'], string>>> = {
  image_list: "`awk '{$NF = $NF - 1} 1' list.txt > from-0.txt` subtracts 1 from each",
  npy: '`np.save("labels.npy", np.load("labels.npy") - 1)` subtracts 1 from each',
  idx: "`python3 -c \"import gzip; b = gzip.open('labels.gz').read(); open('labels', 'wb').write(b[:8] + bytes(x - 1 for x in b[8:]))\"` subtracts 1 from each",
}

export function labelsFromOneHelp(format: SourceRequest['format']): string {
  const how = subtraction[format] ?? 'write the file anew with labels from 0 on'
  return `no image has the label 0: labels seem to count from 1, and here they count from 0; ${how}`
}

/**
 * Why class `position` of a dataset has no image, where its source already has none; undefined where what was
 * made of it took them away.
 */
export function emptyInSourceHelp(dataset: DatasetNode, position: number): string | undefined {
  const source = sourceOf(dataset)
  if (source?.make.op !== 'source' || countAt(source, position) > 0) return undefined
  const { format } = source.make.source.plan
  const others = source.classes.map((_, label) => label).filter((label) => label > 0)
  if (
    format !== 'shapes' &&
    position === 0 &&
    others.length > 0 &&
    others.every((label) => countAt(source, label) > 0)
  )
    return labelsFromOneHelp(format)
  if (format === 'image_list')
    return `no line of the list has the label ${position}: give the class an image, or number the classes anew without it`
  if (format === 'shapes' || format === 'image_folder') return undefined
  return `no image of \`${source.name}\` has the label ${position}: number the classes anew without it`
}

function sourceOf(dataset: DatasetNode): DatasetNode | undefined {
  let node = dataset
  for (;;) {
    if (node.make.op === 'source') return node
    if (!('input' in node.make)) return undefined
    node = node.make.input
  }
}

function countAt({ real, synthetic }: DatasetNode, position: number): number {
  return (real[position] ?? 0) + (synthetic[position] ?? 0)
}
