// What the compiler asks of the world. The compiler itself touches no file; whoever calls it brings a host:
// the command line one that reads the disk, tests one that answers from memory.
import type { ImageShape } from './plan/plan.js'
import type { SourceRequest } from './plan/sources.js'

export type { SourceRequest }

/**
 * What may be asked of the disk and of the environment. `Host` answers it; so does the disk of a reader of
 * lists.
 */
export interface Surroundings {
  /** Absolute path of `path`, seen from the folder `from`. */
  resolve(from: string, path: string): string
  /** Names in a folder, in order; undefined where there is no folder that can be listed. */
  entries(folder: string): readonly string[] | undefined
  /** The value of a variable of the environment. */
  variable(name: string): string | undefined
}

export interface Host extends Surroundings {
  /**
   * Text of a file of at most `atMost` bytes (`mostProgramBytes` where left out), or undefined where there is
   * none. `path` is absolute.
   */
  readText(path: string, atMost?: number): string | UnreadText | undefined
  /** `path` as a person near `from` would write it, with `/` between folders. */
  relative(from: string, path: string): string
  /** Reads headers, listings and label bytes of a source; cached. */
  probe(request: SourceRequest): SourceFacts | SourceFailure
  /**
   * Hex SHA-256 over the bytes that decide the numbers (labels and pixels or encoded files, in record order);
   * cached.
   */
  digest(request: SourceRequest): string
  /** The class of every record, in record order. Asked only of sources that were probed without a failure. */
  labels(request: SourceRequest): ArrayLike<number>
  /**
   * Which records of two sources are the same stored images, whatever paths and links lead to them; a source
   * that is a copy of the other one, byte for byte and in its order, shares all. Asked only of sources that
   * were probed without a failure.
   */
  sharedRecords(first: SourceRequest, second: SourceRequest): SharedRecords
}

/** `all`: record i of the one is record i of the other; else pairs of records, by position. */
export type SharedRecords = 'none' | 'all' | { readonly first: Uint32Array; readonly second: Uint32Array }

/** Something is at the path, and it is not read: a pipe, a folder, a file in UTF-16 or of a gigabyte. */
export interface UnreadText {
  /** In words without a subject: `is a named pipe, but a file is needed`. */
  readonly fault: string
}

/** Bytes of an `.sau` file or a sweep file at most; a program of a thousand lines has about 40,000. */
export const mostProgramBytes = 4 * 2 ** 20

/** Bytes of an index file at most: record numbers of some eight million images. */
export const mostIndexBytes = 64 * 2 ** 20

/** More than any list has: a larger label is no label. */
export const mostClasses = 1_000_000

export interface SourceFacts {
  readonly ok: true
  readonly classes: readonly string[]
  /** Images per class, in class order. */
  readonly counts: readonly number[]
  readonly image: ImageShape
  /** Image files that are not read, where there are some. */
  readonly passedOver?: readonly PassedOver[]
  /** Bytes of all images, decoded; absent where they follow from `image`. */
  readonly decodedBytes?: number
}

/** Files of a class that are images by their names, of kinds that are not read. */
export interface PassedOver {
  readonly class: string
  readonly files: number
  /** `.heic`, small letters, each once. */
  readonly endings: readonly string[]
}

export interface SourceFailure {
  readonly ok: false
  /**
   * `missing`: nothing is at the path; `format`: something is, but not what the function reads; `label`: a
   * label out of range; `empty`: a class whose images are not read. Of lists, `line`: a line that is not a
   * path and a label; `repeated`: one that names the image of another one; `listed`: an image that is listed
   * is not there. `names`: a file of names that names a class twice. `encoding`: a text that is not UTF-8.
   * `array`: an array of another kind; `large`: an image or array of more bytes than memory is lent for.
   */
  readonly reason:
    | 'missing'
    | 'format'
    | 'label'
    | 'empty'
    | 'line'
    | 'repeated'
    | 'listed'
    | 'names'
    | 'encoding'
    | 'array'
    | 'large'
  /** The file or folder that is to blame, absolute. */
  readonly path: string
  /**
   * What is wrong with it in one sentence, without the path:
   * `has 3072 bytes left over after 9,999 records of 3,073`.
   */
  readonly message: string
  /** What mends it, where more can be said than the reason alone tells. */
  readonly help?: string
}
