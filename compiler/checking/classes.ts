// Do two datasets have the same classes?
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { RuleContext } from '../functions/declaration.js'
import { emptyInSourceHelp } from '../functions/labels-from-one.js'
import type { DatasetNode } from '../types/dataset-node.js'

/** Reports datasets whose classes differ in number, name or order. `use` is where they meet. */
export function checkSameClasses(
  context: RuleContext,
  first: DatasetNode,
  second: DatasetNode,
  use: Location,
): boolean {
  if (first.unknown.classes === 'all' || second.unknown.classes === 'all') return true
  const named = !first.unknown.classes && !second.unknown.classes
  const difference = differenceOf(first.classes, second.classes, named)
  if (!difference) return true
  context.reporter.report('SAU3104', {
    gaps: { first: first.name, second: second.name, difference },
    labels: [
      labelled(use),
      labelled(first.at, `${first.classes.length} classes`),
      labelled(second.at, `${second.classes.length} classes`),
    ],
  })
  return false
}

function differenceOf(
  first: readonly string[],
  second: readonly string[],
  named: boolean,
): string | undefined {
  if (first.length !== second.length) return `${first.length} and ${second.length}`
  if (!named) return undefined
  const position = first.findIndex((name, at) => name !== second[at])
  if (position === -1) return undefined
  return `class ${position} is \`${first[position]}\` in one and \`${second[position]}\` in the other`
}

/** The position of the first class without any image, where the counts are known. */
export function emptyClass(dataset: DatasetNode): number | undefined {
  if (dataset.unknown.counts || dataset.unknown.classes) return undefined
  const position = dataset.classes.findIndex(
    (_, at) => (dataset.real[at] ?? 0) + (dataset.synthetic[at] ?? 0) === 0,
  )
  return position === -1 ? undefined : position
}

/** Reports a class without any image in a dataset that is drawn from, averaged or evaluated. */
export function checkClassesFilled(
  context: RuleContext,
  dataset: DatasetNode,
  use: Location,
  what: string,
): boolean {
  const position = emptyClass(dataset)
  if (position === undefined) return true
  context.reporter.report('SAU4004', {
    gaps: { class: `\`${dataset.classes[position]}\``, dataset: dataset.name },
    labels: [labelled(dataset.at, `0 images of \`${dataset.classes[position]}\``), labelled(use, what)],
    help: fillingHelp(dataset, position),
  })
  return false
}

function fillingHelp(dataset: DatasetNode, position: number): string {
  const { make } = dataset
  const inSource = emptyInSourceHelp(dataset, position)
  if (inSource !== undefined) return inSource
  if (make.op === 'longtail') return 'a smaller `factor` leaves at least one image in every class'
  if (make.op === 'split') {
    const other = make.part === 'first' ? 'larger' : 'smaller'
    return `a ${other} \`share\` leaves at least one image of every class in this part`
  }
  return 'give every class at least one image, or take the class out'
}
