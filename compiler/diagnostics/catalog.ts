// All diagnostics: one table per range, every code once.
import { dataEntries } from './catalog/data.js'
import { nameEntries } from './catalog/names.js'
import { runEntries } from './catalog/run.js'
import { settingEntries } from './catalog/settings.js'
import { sweepEntries } from './catalog/sweep.js'
import { syntaxEntries } from './catalog/syntax.js'
import { typeEntries } from './catalog/types.js'
import { warningEntries } from './catalog/warnings.js'
import type { CatalogEntry, GapsOf } from './message.js'

/**
 * Diagnostics of the compiler, by code. Spreading keeps the types of their gaps; a test says that no code is
 * in two tables.
 */
export const catalog = {
  ...syntaxEntries,
  ...nameEntries,
  ...typeEntries,
  ...dataEntries,
  ...settingEntries,
  ...sweepEntries,
  ...warningEntries,
} as const

export type Catalog = typeof catalog
export type Code = keyof Catalog
export type Gaps<C extends Code> = GapsOf<Catalog[C]>

export const catalogTables = {
  syntax: syntaxEntries,
  names: nameEntries,
  types: typeEntries,
  data: dataEntries,
  settings: settingEntries,
  warnings: warningEntries,
  sweep: sweepEntries,
  run: runEntries,
} as const

export function catalogEntry(code: Code): CatalogEntry {
  return catalog[code]
}

/** Whether the code is about the form of a file, so that part of it could not be read. */
export function isOfForm(code: string): boolean {
  return code in syntaxEntries
}

/** Whether the code is about names: what they are declared as, and where. */
export function isOfNames(code: string): boolean {
  return code in nameEntries
}
