// One image on its way through a view. Operations overwrite it or write into the spare buffer and turn the
// two; the buffers grow to the largest image seen and are used again for the next one.

/** 8-bit image: rows of interleaved channels (HWC), the first height * width * channels of `pixels`. */
export interface Raster {
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The part of an image that begins at (top, left). */
export interface Box {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** A raster that operations change in place. */
export class Canvas implements Raster {
  pixels = new Uint8Array(0)
  height = 0
  width = 0
  channels = 0
  #spare = new Uint8Array(0)

  /**
   * Takes a copy of the image of `height` x `width` x `channels` bytes that starts at `offset` of `source`.
   */
  load(source: Uint8Array, offset: number, height: number, width: number, channels: number): void {
    const length = height * width * channels
    if (this.pixels.length < length) this.pixels = new Uint8Array(length)
    this.pixels.set(source.subarray(offset, offset + length))
    this.height = height
    this.width = width
    this.channels = channels
  }

  /** The buffer beside the image, at least `length` bytes, contents undefined until `turn`. */
  spare(length: number): Uint8Array {
    if (this.#spare.length < length) this.#spare = new Uint8Array(length)
    return this.#spare
  }

  /** Makes what was written to the spare buffer the image. */
  turn(height: number, width: number): void {
    const written = this.#spare
    this.#spare = this.pixels
    this.pixels = written
    this.height = height
    this.width = width
  }

  /** Number of bytes of the image. */
  get length(): number {
    return this.height * this.width * this.channels
  }
}
