// Cuts a command line into words as a POSIX shell would, without expanding anything. Bash cuts at `=` and `:`
// where it completes, so its script sends the line as it was typed.

export interface ShellLine {
  /** Whole words, their quotes and backslashes taken away. */
  readonly words: readonly string[]
  /** The word at the end, begun or not: empty where space stands before the end. */
  readonly current: string
}

/** Reads a line up to the cursor. A quote that is still open reaches to the end. */
export function shellWords(line: string): ShellLine {
  const words: string[] = []
  let current: string | undefined
  let quote: '"' | "'" | undefined
  for (let i = 0; i < line.length; i++) {
    const letter = line.charAt(i)
    if (quote === "'" ? letter === "'" : letter === quote) {
      quote = undefined
    } else if (quote === undefined && (letter === '"' || letter === "'")) {
      quote = letter
      current ??= ''
    } else if (letter === '\\' && quote !== "'") {
      i++
      const isKept = quote === '"' && !'"\\$`'.includes(line.charAt(i))
      current = `${current ?? ''}${isKept ? '\\' : ''}${line.charAt(i)}`
    } else if (quote === undefined && /\s/.test(letter)) {
      if (current !== undefined) words.push(current)
      current = undefined
    } else {
      current = `${current ?? ''}${letter}`
    }
  }
  return { words, current: current ?? '' }
}
