// How much memory there is, and how much of it decoded images may take. Where a data set needs more, its
// images are decoded each time that they are drawn.
import { totalmem } from 'node:os'

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
}

/**
 * `4GiB`, `500 MiB`, `1.5g`, `0` in bytes; units are powers of 1,024 with or without their `iB`. Undefined
 * for other words.
 */
export function bytesOf(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i.exec(text.trim()) ?? []
  const size = units[unit.toLowerCase()]
  return number === '' || size === undefined ? undefined : Math.round(Number(number) * size)
}

/** Bytes of the machine, or what a container lets this process have where that is less. */
export function machineMemory(): number {
  // No limit is told as 0 or as a number beyond all memories.
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** A quarter of the machine's memory: other runs may be beside this one. */
export function defaultDataMemory(): number {
  return Math.floor(machineMemory() / 4)
}
