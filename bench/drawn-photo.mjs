// Pictures that cost a JPEG decoder about what photographs do: noise of many scales, objects with edges, fine
// grain.

/** Red, green, blue, 8 bits, rows of interleaved channels. */
export function drawPhoto(seed, height, width) {
  const random = randomOf(seed)
  const plane = cloud(random, height, width)
  const tint = cloud(random, height, width)
  const objects = Array.from({ length: 12 }, () => ({
    y: random() * height,
    x: random() * width,
    radius: 12 + random() * 90,
    stretch: 0.4 + random() * 1.6,
    colour: [random() * 255, random() * 255, random() * 255],
  }))
  const pixels = new Uint8Array(height * width * 3)
  const base = [90 + random() * 90, 90 + random() * 90, 90 + random() * 90]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = y * width + x
      const object = objects.findLast(
        (each) => (each.y - y) ** 2 * each.stretch + (each.x - x) ** 2 / each.stretch < each.radius ** 2,
      )
      const colour = object?.colour ?? base
      const grain = (random() - 0.5) * 34
      for (let c = 0; c < 3; c++) {
        const value = colour[c] + 75 * plane[place] + 30 * (c - 1) * tint[place] + grain
        pixels[3 * place + c] = Math.max(0, Math.min(255, value))
      }
    }
  }
  return pixels
}

/** Sum of smooth noises, each of half the scale and 0.6 of the height of the one before. */
function cloud(random, height, width) {
  const sum = new Float32Array(height * width)
  for (let cell = 128, size = 0.5; cell >= 2; cell /= 2, size *= 0.6) {
    const columns = Math.ceil(width / cell) + 2
    const knots = Float32Array.from(
      { length: columns * (Math.ceil(height / cell) + 2) },
      () => random() * 2 - 1,
    )
    for (let y = 0; y < height; y++) {
      const row = Math.floor(y / cell) * columns
      const down = (y % cell) / cell
      for (let x = 0; x < width; x++) {
        const knot = row + Math.floor(x / cell)
        const across = (x % cell) / cell
        const upper = knots[knot] + (knots[knot + 1] - knots[knot]) * across
        const lower = knots[knot + columns] + (knots[knot + columns + 1] - knots[knot + columns]) * across
        sum[y * width + x] += size * (upper + (lower - upper) * down)
      }
    }
  }
  return sum
}

function randomOf(seed) {
  let state = (seed + 1) * 0x9e3779b1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296
  }
}
