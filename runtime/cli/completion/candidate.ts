// What completing a command line offers.

export interface Candidate {
  /** The whole word. One that ends with `=` or `:` goes on. */
  readonly text: string
  /** In a few words; shells that show it put it beside. */
  readonly about: string
}

export interface Completion {
  /** In the order in which they are to be shown. */
  readonly candidates: readonly Candidate[]
  /**
   * Files that the shell offers besides, by itself: none, folders, all, or those with one of these endings
   * and folders.
   */
  readonly files: 'none' | 'folders' | 'all' | readonly string[]
  /** Characters of the word that stand before the name of a file: those of `data=`. */
  readonly before: number
}

/** Words and no files. */
export function only(candidates: readonly Candidate[]): Completion {
  return { candidates, files: 'none', before: 0 }
}

/** A completion of what comes after `prefix` in a word. */
export function behind(prefix: string, { candidates, files, before }: Completion): Completion {
  return {
    candidates: candidates.map(({ text, about }) => ({ text: `${prefix}${text}`, about })),
    files,
    before: before + prefix.length,
  }
}

/** What either of two completions offers; of two kinds of files the first. */
export function together(all: readonly Completion[]): Completion {
  return {
    candidates: all.flatMap(({ candidates }) => candidates),
    files: all.map(({ files }) => files).find((files) => files !== 'none') ?? 'none',
    before: Math.max(0, ...all.map(({ before }) => before)),
  }
}
