/** An image that a formula draws: rows of interleaved channels, 8 bits. */
export interface FormulaImage {
  readonly kind: string
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

export const formulaKinds: readonly string[]

export function formulaImage(kind: string, height: number, width: number, channels: number): FormulaImage
