// Sums over pixels: means and deviations of channels, and images that show next to nothing.
import type { ReadImage } from './read-images.js'

/** Mean and standard deviation of each channel over all pixels, in 0..255. */
export interface ChannelStatistics {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** Sums of one channel; exact, for they are whole numbers. */
interface Sums {
  pixels: number
  readonly sums: number[]
  readonly squares: number[]
}

export interface PixelSums {
  /** Adds an image and returns the largest standard deviation of its channels, in 0..255. */
  add(image: ReadImage): number
  /** Of all images so far; undefined where there was none. */
  statistics(): ChannelStatistics | undefined
  /** Adds the sums of another; of images with as many channels. */
  join(other: PixelSums): void
  readonly sums: Sums
}

export function pixelSums(): PixelSums {
  const all: Sums = { pixels: 0, sums: [], squares: [] }
  return {
    sums: all,
    add({ pixels, height, width, channels }) {
      const area = height * width
      all.pixels += area
      let most = 0
      for (let c = 0; c < channels; c++) {
        let sum = 0
        let square = 0
        for (let at = c; at < pixels.length; at += channels) {
          const value = pixels[at] as number
          sum += value
          square += value * value
        }
        all.sums[c] = (all.sums[c] ?? 0) + sum
        all.squares[c] = (all.squares[c] ?? 0) + square
        most = Math.max(most, deviationOf(sum, square, area))
      }
      return most
    },
    statistics() {
      if (all.pixels === 0) return undefined
      return {
        mean: all.sums.map((sum) => sum / all.pixels),
        deviation: all.sums.map((sum, c) => deviationOf(sum, all.squares[c] ?? 0, all.pixels)),
      }
    },
    join({ sums: other }) {
      all.pixels += other.pixels
      for (const [c, sum] of other.sums.entries()) {
        all.sums[c] = (all.sums[c] ?? 0) + sum
        all.squares[c] = (all.squares[c] ?? 0) + (other.squares[c] ?? 0)
      }
    },
  }
}

function deviationOf(sum: number, square: number, count: number): number {
  const mean = sum / count
  return Math.sqrt(Math.max(0, square / count - mean * mean))
}
