// A small assembler for WebAssembly with 128-bit vectors: an expression is the list of bytes that computes
// it, so that code is written as nested calls. It knows the instructions that the kernels beside it use, no
// more. Whether types fit is checked by WebAssembly itself when the module is compiled. Numbers of
// instructions: WebAssembly Core Specification 2.0, sections 5.4.3 to 5.4.8.

/** Bytes of a piece of code. */
export type Code = readonly number[]

export type ValueType = 'i32' | 'f32' | 'v128'

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

/** LEB128 of a whole number from 0 on. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  let left = value
  do {
    const low = left & 0x7f
    left >>>= 7
    bytes.push(left === 0 ? low : low | 0x80)
  } while (left !== 0)
  return bytes
}

/** LEB128 of a signed 32-bit number. */
function signed(value: number): Code {
  const bytes: number[] = []
  let left = value | 0
  for (;;) {
    const low = left & 0x7f
    left >>= 7
    const isLast = (left === 0 && (low & 0x40) === 0) || (left === -1 && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}

const counted = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const sized = (code: Code): Code => [...unsigned(code.length), ...code]
const vector = (instruction: number): Code => [0xfd, ...unsigned(instruction)]
const two =
  (...instruction: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...instruction]
const one =
  (...instruction: number[]) =>
  (a: Code): Code => [...a, ...instruction]
/** Alignment is only a hint; addresses here have none. */
const place = (offset: number): Code => [0, ...unsigned(offset)]

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: two(0x6a),
  sub: two(0x6b),
  mul: two(0x6c),
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...place(offset)],
} as const

export const v128 = {
  zero: [...vector(12), ...new Array<number>(16).fill(0)] as Code,
  load: (address: Code, offset = 0): Code => [...address, ...vector(0), ...place(offset)],
  /** Four times the 32 bits at the address. */
  load32Splat: (address: Code, offset = 0): Code => [...address, ...vector(9), ...place(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(11),
    ...place(offset),
  ],
  /** Stores the first 32 bits. */
  store32: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(90),
    ...place(offset),
    0,
  ],
} as const

export const i8x16 = {
  /** Byte `lanes[i]` of the 32 bytes of both, for each i. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [...a, ...b, ...vector(13), ...lanes],
  narrowUnsigned: two(...vector(102)),
} as const

export const i16x8 = {
  splat: one(...vector(16)),
  add: two(...vector(142)),
  mul: two(...vector(149)),
  narrow: two(...vector(133)),
  extendLow: one(...vector(137)),
  extendHigh: one(...vector(138)),
} as const

export const i32x4 = {
  splat: one(...vector(17)),
  extractLane: (value: Code, lane: number): Code => [...value, ...vector(27), lane],
  extendLow: one(...vector(169)),
  extendHigh: one(...vector(170)),
  shiftLeft: (value: Code, bits: number): Code => [...value, ...i32.constant(bits), ...vector(171)],
  shiftRight: (value: Code, bits: number): Code => [...value, ...i32.constant(bits), ...vector(172)],
  add: two(...vector(174)),
  sub: two(...vector(177)),
  /** Products of eight pairs of signed 16 bits, each two neighbours summed. */
  dot: two(...vector(186)),
  truncate: one(...vector(248)),
} as const

export const f32 = {
  constant: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
} as const

export const f32x4 = {
  splat: one(...vector(19)),
  add: two(...vector(228)),
  sub: two(...vector(229)),
  mul: two(...vector(230)),
  min: two(...vector(232)),
  max: two(...vector(233)),
  convert: one(...vector(250)),
} as const

/** A parameter or variable of a function. */
export interface Local {
  readonly get: Code
  readonly set: (value: Code) => Code
  /** Sets it and gives the value. */
  readonly tee: (value: Code) => Code
}

/** A function with parameters and variables, exported under its name. */
export class KernelFunction {
  readonly name: string
  readonly parameters: readonly ValueType[]
  readonly result: ValueType | undefined
  readonly #locals: ValueType[] = []
  #body: Code = []

  constructor(name: string, parameters: readonly ValueType[], result?: ValueType) {
    this.name = name
    this.parameters = parameters
    this.result = result
  }

  parameter(position: number): Local {
    return localAt(position)
  }

  local(type: ValueType): Local {
    this.#locals.push(type)
    return localAt(this.parameters.length + this.#locals.length - 1)
  }

  body(...parts: readonly Code[]): this {
    this.#body = parts.flat()
    return this
  }

  get type(): Code {
    const results = this.result === undefined ? [] : [[typeCodes[this.result]]]
    return [0x60, ...counted(this.parameters.map((type) => [typeCodes[type]])), ...counted(results)]
  }

  get code(): Code {
    return sized([...counted(this.#locals.map((type) => [1, typeCodes[type]])), ...this.#body, 0x0b])
  }
}

function localAt(position: number): Local {
  const index = unsigned(position)
  return {
    get: [0x20, ...index],
    set: (value) => [...value, 0x21, ...index],
    tee: (value) => [...value, 0x22, ...index],
  }
}

/** Does the body for `counter` = 0, step, 2 step .. below `end`; at least once, so `end` is to be above 0. */
export function repeat(counter: Local, end: Code, step: number, ...body: readonly Code[]): Code {
  const next = counter.tee(i32.add(counter.get, i32.constant(step)))
  return [
    ...counter.set(i32.constant(0)),
    ...[0x03, 0x40, ...body.flat(), ...next, ...end, 0x49, 0x0d, 0, 0x0b],
  ]
}

/** Bytes of a module with these functions and a memory of its own, exported as `memory`. */
export function assemble(functions: readonly KernelFunction[]): Uint8Array<ArrayBuffer> {
  const section = (number: number, content: Code): Code => [number, ...sized(content)]
  const name = (text: string): Code => sized([...new TextEncoder().encode(text)])
  const exported = functions.map((each, i): Code => [...name(each.name), 0, ...unsigned(i)])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, counted(functions.map(({ type }) => type))),
    ...section(3, counted(functions.map((_, i) => unsigned(i)))),
    ...section(5, counted([[0, 1]])),
    ...section(7, counted([...exported, [...name('memory'), 2, 0]])),
    ...section(10, counted(functions.map(({ code }) => code))),
  ])
}
