// One text for equal values, to be hashed.

/** JSON with sorted keys and no blanks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    let text = ''
    for (const [key, entry] of Object.entries(value).sort(byName)) {
      if (entry === undefined) continue
      text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(entry)}`
    }
    return `{${text}}`
  }
  return JSON.stringify(value)
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Names of fields in quotes: few, and written for every Plan of a sweep. */
const quotedNames = new Map<string, string>()

function quoted(name: string): string {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  const made = JSON.stringify(name)
  if (quotedNames.size < 1000) quotedNames.set(name, made)
  return made
}
