// A table of the Plan that grows as entries are first needed; equal keys are one entry.
export interface Table<Item, Entry> {
  readonly entries: readonly Entry[]
  position(item: Item): number
}

export function table<Item, Entry>(
  key: (item: Item) => string,
  make: (item: Item) => Entry,
): Table<Item, Entry> {
  const entries: Entry[] = []
  const positions = new Map<string, number>()
  return {
    entries,
    position(item: Item): number {
      const known = positions.get(key(item))
      if (known !== undefined) return known
      const entry = make(item)
      positions.set(key(item), entries.length)
      entries.push(entry)
      return entries.length - 1
    },
  }
}
