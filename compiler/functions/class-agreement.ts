// Do two datasets have the same classes?
import { type Location, labelled } from '../diagnostics/reporter.js'
import { sameLookingHelp } from '../names/unicode-forms.js'
import { sources } from '../plan/sources.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { RuleContext } from './declaration.js'
import { emptyInSourceHelp } from './labels-from-one.js'

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
    help: named ? (sameLooking(first, second) ?? lackingHelp(first, second)) : undefined,
  })
  return false
}

/** What to do where the first classes that differ look the same. */
function sameLooking(first: DatasetNode, second: DatasetNode): string | undefined {
  const position = first.classes.findIndex((name, at) => name !== second.classes[at])
  return sameLookingHelp(first.classes[position] ?? '', second.classes[position] ?? '')
}

/**
 * What to do where one dataset has all classes of the other and more: data that is only evaluated may lack
 * images of some.
 */
function lackingHelp(first: DatasetNode, second: DatasetNode): string | undefined {
  const known = new Set(first.classes)
  if (second.classes.length >= first.classes.length || !second.classes.every((name) => known.has(name)))
    return undefined
  const { make } = second
  const format = make.op === 'source' ? make.source.plan.format : undefined
  const has = new Set(second.classes)
  const lacking = first.classes.filter((name) => !has.has(name))
  if (format === 'image_folder') {
    const [one, ...others] = lacking
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return `to evaluate the classes that are there, make an empty folder for \`${one}\`${more} in \`${second.name}\``
  }
  if (format !== undefined && 'givenClasses' in sources[format])
    return `to evaluate the classes that are there, say how many there are: \`${format}(..., classes: ${first.classes.length})\``
  return undefined
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

/** Reports a class without any image in a dataset that is drawn from or averaged. */
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

/** Reports data without any image where it is evaluated; classes that it lacks are not measured. */
export function checkHasImages(context: RuleContext, dataset: DatasetNode, use: Location): boolean {
  if (dataset.unknown.counts || dataset.unknown.classes) return true
  if ([...dataset.real, ...dataset.synthetic].some((images) => images > 0)) return true
  context.reporter.report('SAU4120', {
    gaps: { dataset: dataset.name },
    labels: [labelled(use, 'evaluated here'), labelled(dataset.at, '0 images')],
    help: dataset.make.op === 'split' ? fillingHelp(dataset, 0) : undefined,
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
  if (make.op === 'source' && make.source.plan.format === 'image_folder')
    return 'put images of the class into its folder, or take the folder away; data that is only evaluated may lack classes'
  return 'give every class at least one image, or take the class out; data that is only evaluated may lack classes'
}
