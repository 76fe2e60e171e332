// What the place that output goes to can do: asked once, from the stream and the environment.

export interface TerminalFacts {
  /** Whether an interactive screen can be drawn on standard output. */
  readonly interactive: boolean
  /** Why not, in a few words, where it cannot. */
  readonly why: string | undefined
  readonly colour: boolean
  readonly unicode: boolean
  readonly columns: number
  readonly rows: number
}

export interface TerminalRequest {
  readonly stream: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  /** `--plain`. */
  readonly plain: boolean
  /** `--no-unicode`. */
  readonly noUnicode: boolean
}

/**
 * How much a terminal shows; 80 x 24 where it does not say. Pseudo-terminals of containers and of some
 * editors report 0 x 0 until somebody sets their size.
 */
export function terminalSize(stream: { readonly columns?: number; readonly rows?: number }): {
  readonly columns: number
  readonly rows: number
} {
  return { columns: stream.columns || 80, rows: stream.rows || 24 }
}

/** Set and not empty, as no-color.org asks. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

/**
 * Whether text may be coloured: `SAURUN_NO_COLOR` and `NO_COLOR` forbid it, `FORCE_COLOR` (other than 0) asks
 * for it, otherwise a terminal that is not dumb has colours.
 */
export function wantsColour(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (isSet(environment.SAURUN_NO_COLOR) || isSet(environment.NO_COLOR)) return false
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTerminal && environment.TERM !== 'dumb'
}

/** Whether the locale can show line-drawing characters and Braille. */
export function wantsUnicode(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || ''
  if (platform === 'win32') return isSet(environment.WT_SESSION) || isSet(environment.TERM_PROGRAM)
  if (environment.TERM === 'linux') return false
  return /utf-?8/i.test(locale)
}

export function terminalFacts(request: TerminalRequest): TerminalFacts {
  const { stream, environment } = request
  const isTerminal = stream.isTTY === true
  const why = request.plain
    ? '--plain'
    : !isTerminal
      ? 'standard output is not a terminal'
      : environment.TERM === 'dumb'
        ? 'TERM is dumb'
        : isSet(environment.CI) && environment.CI !== 'false'
          ? 'CI is set'
          : undefined
  return {
    interactive: why === undefined,
    why,
    colour: wantsColour(environment, isTerminal),
    unicode: !request.noUnicode && wantsUnicode(environment, request.platform),
    ...terminalSize(stream),
  }
}
