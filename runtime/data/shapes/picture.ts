// One drawn picture. Colour, pose, size and clutter vary in both styles; the styles differ as photographs and
// clip art do: `real` pictures are soft, noisy, cluttered and askew, `synthetic` ones clean, sharp, upright
// and outlined.
import type { Origin } from '../../../compiler/plan/plan.js'
import type { Draws } from '../../../compiler/random/draws.js'
import type { SignedDistance } from './outlines.js'

/** What varies from style to style; lengths in halves of a picture, colours in 0..1. */
interface Style {
  /** Radius of the form. */
  readonly radius: readonly [number, number]
  /** Largest turn to either side, radians. */
  readonly turn: number
  /** Largest shift of the form from the middle, along each axis. */
  readonly shift: number
  /** Largest relative stretch of either axis, and largest slant. */
  readonly stretch: number
  readonly slant: number
  /** Difference of brightness between form and background. */
  readonly contrast: readonly [number, number]
  readonly saturation: readonly [number, number]
  /** Number of pieces of clutter, and the share of them that lie over the form. */
  readonly clutter: readonly [number, number]
  readonly over: number
  /** Strength of the blotches of the background. */
  readonly blotches: number
  /** Width of the soft edge in pixels of a 16-pixel picture. */
  readonly softness: readonly [number, number]
  /** Width of a dark outline; 0 for none. */
  readonly outline: readonly [number, number]
  /** Standard deviation of the noise of each pixel. */
  readonly noise: readonly [number, number]
}

// Tuned on 16-pixel pictures with ten classes so that a small network learns real pictures from many real
// ones, misses most of what it gains from synthetic ones when it has no others, and cannot learn a class from
// a dozen (docs/shapes.md).
const styles: Readonly<Record<Origin, Style>> = {
  real: {
    radius: [0.7, 0.9],
    turn: 0.18,
    shift: 0.07,
    stretch: 0.08,
    slant: 0.07,
    contrast: [0.45, 0.7],
    saturation: [0.25, 0.7],
    clutter: [0, 2],
    over: 0.1,
    blotches: 0.05,
    softness: [1, 1.4],
    outline: [0, 0],
    noise: [0.01, 0.025],
  },
  synthetic: {
    radius: [0.72, 0.88],
    turn: 0.06,
    shift: 0.03,
    stretch: 0.04,
    slant: 0.03,
    contrast: [0.5, 0.7],
    saturation: [0.5, 0.9],
    clutter: [0, 0],
    over: 0,
    blotches: 0.02,
    softness: [0.8, 0.9],
    outline: [0.17, 0.2],
    noise: [0, 0.005],
  },
}

type Colour = readonly [red: number, green: number, blue: number]

/**
 * Draws `form` in the style of `origin` to `into` from `offset` on: size x size pixels of red, green and
 * blue.
 */
export function drawPicture(
  form: SignedDistance,
  origin: Origin,
  size: number,
  draws: Draws,
  into: Uint8Array,
  offset: number,
): void {
  const style = styles[origin]
  const contrast = draws.range(...style.contrast) * (draws.bernoulli(0.5) ? 1 : -1)
  const middle = 0.5 + draws.range(-0.14, 0.14)
  const canvas = new Float64Array(size * size * 3)
  paintBackground(canvas, size, colourOf(draws, middle - contrast / 2, style), style, draws)

  const pieces = style.clutter[0] + draws.below(style.clutter[1] - style.clutter[0] + 1)
  const softness = (draws.range(...style.softness) * size) / 16
  const over = Array.from({ length: pieces }, () => draws.bernoulli(style.over))
  for (const isOver of over) if (!isOver) paintClutter(canvas, size, softness, middle, style, draws)
  paintForm(canvas, size, softness, form, colourOf(draws, middle + contrast / 2, style), style, draws)
  for (const isOver of over) if (isOver) paintClutter(canvas, size, softness, middle, style, draws)

  const noise = draws.range(...style.noise)
  for (let i = 0; i < canvas.length; i++) {
    const value = (canvas[i] as number) + noise * draws.normal()
    into[offset + i] = Math.min(255, Math.max(0, Math.round(value * 255)))
  }
}

/** A colour of about this brightness, its hue drawn. */
function colourOf(draws: Draws, brightness: number, style: Style): Colour {
  const hue = draws.range(0, 3)
  const saturation = draws.range(...style.saturation)
  const tint = (distance: number) => Math.max(-0.5, 0.5 - Math.abs(distance - 3 * Math.round(distance / 3)))
  const channel = (at: number) => brightness + 0.45 * saturation * tint(hue - at)
  return [channel(0), channel(1), channel(2)]
}

/** A slope of brightness and smooth blotches around `colour`. */
function paintBackground(
  canvas: Float64Array,
  size: number,
  colour: Colour,
  style: Style,
  draws: Draws,
): void {
  const slopeX = draws.range(-1, 1) * style.blotches
  const slopeY = draws.range(-1, 1) * style.blotches
  const cells = 4
  const lattice = Float64Array.from(
    { length: (cells + 1) ** 2 * 3 },
    () => draws.range(-1, 1) * style.blotches,
  )
  for (let y = 0; y < size; y++) {
    const v = (y + 0.5) / size
    const row = Math.floor(v * cells)
    const fy = v * cells - row
    for (let x = 0; x < size; x++) {
      const u = (x + 0.5) / size
      const column = Math.floor(u * cells)
      const fx = u * cells - column
      const corner = (row * (cells + 1) + column) * 3
      for (let c = 0; c < 3; c++) {
        const top = mix(lattice[corner + c] as number, lattice[corner + 3 + c] as number, fx)
        const below = corner + (cells + 1) * 3
        const bottom = mix(lattice[below + c] as number, lattice[below + 3 + c] as number, fx)
        const slope = slopeX * (u - 0.5) + slopeY * (v - 0.5)
        canvas[(y * size + x) * 3 + c] = (colour[c] as number) + slope + mix(top, bottom, fy)
      }
    }
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share
}

/** A stroke or a spot anywhere, smaller than the form. */
function paintClutter(
  canvas: Float64Array,
  size: number,
  softness: number,
  middle: number,
  style: Style,
  draws: Draws,
): void {
  const x = draws.range(-1, 1)
  const y = draws.range(-1, 1)
  const length = draws.range(0, 0.5)
  const angle = draws.range(0, Math.PI)
  const width = draws.range(0.07, 0.16)
  const dx = Math.cos(angle)
  const dy = Math.sin(angle)
  const colour = colourOf(draws, middle + draws.range(-0.3, 0.3), style)
  paint(canvas, size, softness, colour, (px, py) => {
    const along = Math.min(length, Math.max(-length, (px - x) * dx + (py - y) * dy))
    const ax = px - x - along * dx
    const ay = py - y - along * dy
    return Math.sqrt(ax * ax + ay * ay) - width
  })
}

function paintForm(
  canvas: Float64Array,
  size: number,
  softness: number,
  form: SignedDistance,
  colour: Colour,
  style: Style,
  draws: Draws,
): void {
  const radius = draws.range(...style.radius)
  const turn = draws.range(-style.turn, style.turn)
  const cx = draws.range(-style.shift, style.shift)
  const cy = draws.range(-style.shift, style.shift)
  const stretch = 1 + draws.range(-style.stretch, style.stretch)
  const slant = draws.range(-style.slant, style.slant)
  const mirrored = draws.bernoulli(0.5) ? -1 : 1
  const cosine = Math.cos(turn) / radius
  const sine = Math.sin(turn) / radius
  const distance: SignedDistance = (px, py) => {
    const x = (cosine * (px - cx) + sine * (py - cy)) / stretch
    const y = (cosine * (py - cy) - sine * (px - cx)) * stretch
    return form((x + slant * y) * mirrored, y) * radius
  }
  const outline = draws.range(...style.outline)
  if (outline > 0) {
    const dark = draws.range(0, 0.12)
    paint(canvas, size, softness, [dark, dark, dark], (x, y) => distance(x, y) - outline / 2)
    paint(canvas, size, softness, colour, (x, y) => distance(x, y) + outline / 2)
  } else {
    paint(canvas, size, softness, colour, distance)
  }
}

/** Lays `colour` over the canvas inside `distance`, with an edge `softness` pixels wide. */
function paint(
  canvas: Float64Array,
  size: number,
  softness: number,
  colour: Colour,
  distance: SignedDistance,
): void {
  const [red, green, blue] = colour
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const pixels = (distance((2 * x + 1) / size - 1, (2 * y + 1) / size - 1) * size) / 2
      const cover = Math.min(1, Math.max(0, 0.5 - pixels / softness))
      if (cover === 0) continue
      const at = (y * size + x) * 3
      canvas[at] = mix(canvas[at] as number, red, cover)
      canvas[at + 1] = mix(canvas[at + 1] as number, green, cover)
      canvas[at + 2] = mix(canvas[at + 2] as number, blue, cover)
    }
  }
}
