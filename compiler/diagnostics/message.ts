// Texts of diagnostics as templates with named gaps, so that whoever reports one must fill every gap
// (the idea of TypeSpec's diagnostic creator).

export type GapValue = string | number

/** A text with named gaps. `text` shows the gaps as `{name}`, for lists of all diagnostics. */
export interface Message<Gap extends string> {
  readonly gaps: readonly Gap[]
  readonly text: string
  fill(values: Readonly<Record<Gap, GapValue>>): string
}

/** message`head has ${'outputs'} outputs` is a text whose gap `outputs` must be filled when it is reported. */
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

export function programError<T extends string, H extends string>(
  title: Message<T>,
  help: Message<H>,
): {
  readonly severity: 'error'
  readonly about: 'program'
  readonly title: Message<T>
  readonly help: Message<H>
}
export function programError<T extends string>(
  title: Message<T>,
): { readonly severity: 'error'; readonly about: 'program'; readonly title: Message<T> }
export function programError(title: Message<string>, help?: Message<string>): CatalogEntry {
  return { severity: 'error', about: 'program', title, ...(help && { help }) }
}

export function dataError<T extends string, H extends string>(
  title: Message<T>,
  help: Message<H>,
): {
  readonly severity: 'error'
  readonly about: 'data'
  readonly title: Message<T>
  readonly help: Message<H>
}
export function dataError<T extends string>(
  title: Message<T>,
): { readonly severity: 'error'; readonly about: 'data'; readonly title: Message<T> }
export function dataError(title: Message<string>, help?: Message<string>): CatalogEntry {
  return { severity: 'error', about: 'data', title, ...(help && { help }) }
}

export function settingError<T extends string, H extends string>(
  title: Message<T>,
  help: Message<H>,
): {
  readonly severity: 'error'
  readonly about: 'setting'
  readonly title: Message<T>
  readonly help: Message<H>
}
export function settingError<T extends string>(
  title: Message<T>,
): { readonly severity: 'error'; readonly about: 'setting'; readonly title: Message<T> }
export function settingError(title: Message<string>, help?: Message<string>): CatalogEntry {
  return { severity: 'error', about: 'setting', title, ...(help && { help }) }
}

export function warning<T extends string, H extends string>(
  title: Message<T>,
  help: Message<H>,
): {
  readonly severity: 'warning'
  readonly about: 'program'
  readonly title: Message<T>
  readonly help: Message<H>
}
export function warning<T extends string>(
  title: Message<T>,
): { readonly severity: 'warning'; readonly about: 'program'; readonly title: Message<T> }
export function warning(title: Message<string>, help?: Message<string>): CatalogEntry {
  return { severity: 'warning', about: 'program', title, ...(help && { help }) }
}
