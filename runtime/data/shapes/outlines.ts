// The forms of the drawn classes as signed distances: negative inside, zero on the outline, growing outside.
// Every form stands upright, is about as tall as the unit circle, and is its own mirror image or means the
// same mirrored.
import type { ShapeName } from '../../../compiler/plan/shapes.js'

/** Distance of (x, y) to the outline; x to the right, y down. */
export type SignedDistance = (x: number, y: number) => number

type Point = readonly [x: number, y: number]

const disc =
  (radius: number, cx = 0, cy = 0): SignedDistance =>
  (x, y) =>
    Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - radius

const box =
  (halfWidth: number, halfHeight: number, cx = 0, cy = 0): SignedDistance =>
  (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth
    const dy = Math.abs(y - cy) - halfHeight
    const outside = Math.sqrt(Math.max(dx, 0) ** 2 + Math.max(dy, 0) ** 2)
    return outside + Math.min(Math.max(dx, dy), 0)
  }

const union =
  (...forms: readonly SignedDistance[]): SignedDistance =>
  (x, y) => {
    let nearest = Number.POSITIVE_INFINITY
    for (const form of forms) nearest = Math.min(nearest, form(x, y))
    return nearest
  }

const without =
  (form: SignedDistance, hole: SignedDistance): SignedDistance =>
  (x, y) =>
    Math.max(form(x, y), -hole(x, y))

/** A closed polygon, convex or not: distance to the nearest edge, its sign by counting crossings. */
function polygon(points: readonly Point[]): SignedDistance {
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY
    let inside = false
    let [px, py] = points[points.length - 1] as Point
    for (const [qx, qy] of points) {
      const ex = px - qx
      const ey = py - qy
      const wx = x - qx
      const wy = y - qy
      const along = Math.min(1, Math.max(0, (wx * ex + wy * ey) / (ex * ex + ey * ey)))
      const dx = wx - ex * along
      const dy = wy - ey * along
      nearest = Math.min(nearest, dx * dx + dy * dy)
      if (qy > y !== py > y && x < (ex * (y - qy)) / ey + qx) inside = !inside
      px = qx
      py = qy
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest)
  }
}

/** Points of a star of `tips` tips, the first one up. */
function starPoints(tips: number, outer: number, inner: number): Point[] {
  return Array.from({ length: 2 * tips }, (_, i) => {
    const angle = (Math.PI * i) / tips
    const radius = i % 2 === 0 ? outer : inner
    return [radius * Math.sin(angle), -radius * Math.cos(angle)]
  })
}

/** The well-known heart curve, scaled to the unit circle. */
const heartPoints: readonly Point[] = Array.from({ length: 28 }, (_, i) => {
  const t = (2 * Math.PI * i) / 28
  const x = 16 * Math.sin(t) ** 3
  const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)
  return [x / 17.5, -(y + 2.5) / 17.5]
})

export const outlines: Readonly<Record<ShapeName, SignedDistance>> = {
  disc: disc(0.82),
  square: box(0.74, 0.74),
  triangle: polygon([
    [0, -0.95],
    [0.92, 0.72],
    [-0.92, 0.72],
  ]),
  star: polygon(starPoints(5, 1.08, 0.5)),
  cross: union(box(0.28, 0.92), box(0.92, 0.28)),
  ring: without(disc(0.9), disc(0.48)),
  bars: union(box(0.17, 0.85, -0.64), box(0.17, 0.85), box(0.17, 0.85, 0.64)),
  crescent: without(disc(0.92), disc(0.8, 0.1, -0.56)),
  heart: polygon(heartPoints),
  arrow: polygon([
    [0, -1],
    [0.86, -0.06],
    [0.3, -0.06],
    [0.3, 0.94],
    [-0.3, 0.94],
    [-0.3, -0.06],
    [-0.86, -0.06],
  ]),
  diamond: polygon([
    [0, -1],
    [0.66, 0],
    [0, 1],
    [-0.66, 0],
  ]),
  frame: without(box(0.8, 0.8), box(0.42, 0.42)),
  hourglass: polygon([
    [-0.8, -0.88],
    [0.8, -0.88],
    [0.12, 0],
    [0.8, 0.88],
    [-0.8, 0.88],
    [-0.12, 0],
  ]),
  chevron: polygon([
    [0, -0.85],
    [0.92, 0.12],
    [0.92, 0.8],
    [0, -0.12],
    [-0.92, 0.8],
    [-0.92, 0.12],
  ]),
  'half-disc': without(disc(0.98, 0, 0.4), box(2, 1, 0, 1.4)),
  elbow: union(box(0.27, 0.85, -0.55), box(0.82, 0.27, 0, 0.58)),
  tee: union(box(0.86, 0.25, 0, -0.62), box(0.25, 0.86)),
  pill: union(box(0.34, 0.55), disc(0.34, 0, -0.55), disc(0.34, 0, 0.55)),
  dots: union(disc(0.34, 0, -0.58), disc(0.34, -0.56, 0.42), disc(0.34, 0.56, 0.42)),
  drop: union(
    disc(0.62, 0, 0.3),
    polygon([
      [0, -1.05],
      [0.56, 0.05],
      [-0.56, 0.05],
    ]),
  ),
}
