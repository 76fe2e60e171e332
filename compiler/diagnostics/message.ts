// Texts of diagnostics as templates with named gaps, so that whoever reports one must fill every gap
// (the idea of TypeSpec's diagnostic creator).

export type GapValue = string | number

/** A text with named gaps. `text` shows the gaps as `{name}`, for lists of all diagnostics. */
export interface Message<Gap extends string> {
  readonly gaps: readonly Gap[]
  readonly text: string
  fill(values: Readonly<Record<Gap, GapValue>>): string
}

/**
 * message`head has ${'outputs'} outputs` is a text whose gap `outputs` must be filled when it is reported.
 */
export function message<const Gap extends string>(
  parts: TemplateStringsArray,
  ...gaps: readonly Gap[]
): Message<Gap> {
  const weave = (between: (gap: Gap) => string) =>
    parts.reduce((text, part, position) => {
      const gap = gaps[position - 1]
      return gap === undefined ? text + part : text + between(gap) + part
    }, '')
  return {
    gaps,
    text: weave((gap) => `{${gap}}`),
    fill: (values) => weave((gap) => String(values[gap])),
  }
}

/** What one diagnostic code stands for. */
export interface CatalogEntry<TitleGap extends string = string, HelpGap extends string = string> {
  readonly severity: 'error' | 'warning'
  /** Whose mistake it is: the file's, the data's, or that of a value given from outside. */
  readonly about: 'program' | 'data' | 'setting'
  /**
   * Whether it holds whatever values params have, and so also in a branch that this experiment does not take.
   */
  readonly independentOfValues?: boolean
  readonly title: Message<TitleGap>
  /** What to do about it, where that is always the same. */
  readonly help?: Message<HelpGap>
}

/** The gaps that must be filled to report an entry. */
export type GapsOf<Entry> =
  Entry extends CatalogEntry<infer TitleGap, infer HelpGap>
    ? Entry extends { readonly help: Message<string> }
      ? TitleGap | HelpGap
      : TitleGap
    : never

/** Makes the rows that have some facts in common. The type of a row keeps the gaps of its own texts. */
function rowsWith<const Facts extends Pick<CatalogEntry, 'severity' | 'about' | 'independentOfValues'>>(
  facts: Facts,
) {
  function row<T extends string, H extends string>(
    title: Message<T>,
    help: Message<H>,
  ): Facts & { readonly title: Message<T>; readonly help: Message<H> }
  function row<T extends string>(title: Message<T>): Facts & { readonly title: Message<T> }
  function row(title: Message<string>, help?: Message<string>): CatalogEntry {
    return { ...facts, title, ...(help && { help }) }
  }
  return row
}

export const programError = rowsWith({ severity: 'error', about: 'program' })
/** What no value of a param mends: the form of the file, names, and values of the wrong kind. */
export const formError = rowsWith({ severity: 'error', about: 'program', independentOfValues: true })
export const dataError = rowsWith({ severity: 'error', about: 'data' })
export const settingError = rowsWith({ severity: 'error', about: 'setting' })
export const warning = rowsWith({ severity: 'warning', about: 'program' })
