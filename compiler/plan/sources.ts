// Images on disk (or drawn) that datasets are made of. A row says what a source of a format names; sources of
// the Plan, what the compiler and the readers ask the disk for, and where the data of a run lies follow from
// it.
import { origin } from './dataset-operations.js'
import {
  count,
  type Field,
  type Fields,
  type OneOf,
  oneOf,
  optional,
  outside,
  seed,
  share,
  text,
} from './fields.js'

/** A file or folder that images are read from: in a Plan as it is written, in a request its absolute path. */
interface PlaceField extends Field<string> {
  /** What stands for it in `--data name=IMAGES,LABELS`. */
  readonly called: string
}

const place = (called: string): PlaceField => ({ ...outside(text), called })
const split = oneOf('train', 'test')
/** A digest of the bytes that matter. */
const content = text
/** A file of class names, one a line. */
const namesPath = optional(place('NAMES'))
/** How many classes the file says there are, where labels do not; for people, for the datasets have them. */
const givenClasses = optional(outside(count))
/** A file of images and one of as many labels. */
const filePair = { path: place('IMAGES'), labelsPath: place('LABELS'), namesPath, givenClasses, content }

export const sources = {
  cifar10: { path: place('PATH'), split, content },
  cifar100: { path: place('PATH'), split, labels: oneOf('fine', 'coarse'), content },
  idx: filePair,
  npy: filePair,
  image_folder: { path: place('PATH'), content },
  /** Images that a text file lists with their labels, relative to `path`. */
  image_list: { path: place('FOLDER'), listPath: place('LIST'), namesPath, givenClasses, content },
  /**
   * Drawn, and nowhere on disk. `noise`: the share of images that show another class than their label says.
   */
  shapes: { classes: count, perClass: count, size: count, seed, origin, noise: share },
}

export type SourcePlan = OneOf<'format', typeof sources>

type Without<T, Name extends string> = T extends unknown ? Omit<T, Name> : never

/** A source as it is written, before anything looked at the disk. */
export type WrittenSource = Without<SourcePlan, 'content'>

/**
 * Data on disk that is asked for: a source whose places are absolute paths. Drawn data is asked for nowhere.
 */
export type SourceRequest = Exclude<WrittenSource, { readonly format: 'shapes' }>

function placesOf(format: SourcePlan['format']): readonly (readonly [name: string, called: string])[] {
  const fields: Fields = sources[format]
  return Object.entries(fields).flatMap(([name, field]) =>
    'called' in field ? [[name, String(field.called)] as const] : [],
  )
}

/** The files and folders that a source names, in the order of its fields; none of drawn images. */
export function pathsOf(source: WrittenSource): readonly string[] {
  const values = new Map<string, unknown>(Object.entries(source))
  return placesOf(source.format).flatMap(([name]) => {
    const path = values.get(name)
    return typeof path === 'string' ? [path] : []
  })
}

/** What its places are called, in that order: `IMAGES`, `LABELS`. */
export function placeNames(source: WrittenSource): readonly string[] {
  return placesOf(source.format).flatMap(([name, called]) => (name in source ? [called] : []))
}

/**
 * The request that reads a source at these absolute paths, in the order of its places; undefined for drawn
 * images.
 */
export function requestOf(source: WrittenSource, paths: readonly string[]): SourceRequest | undefined {
  if (source.format === 'shapes') return undefined
  const { content: _, ...request }: SourceRequest & { readonly content?: string } = source
  const named = placesOf(source.format).filter(([name]) => name in source)
  return { ...request, ...Object.fromEntries(named.map(([name], i) => [name, paths[i] ?? ''])) }
}

/** Equal for requests that read the same images, whatever labels they have there. */
export function imagesOf(request: SourceRequest): string {
  const list = 'listPath' in request ? request.listPath : ''
  return `${request.path} ${'split' in request ? request.split : list}`
}
