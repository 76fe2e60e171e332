// Student's t distribution with any positive number of degrees of freedom. The small statistics packages have
// tables of it only, the whole ones come with a hundred others; it takes one special function, which stands
// here.

/**
 * Probability of a value at least as far from 0 as `t`, on either side: I_x(v / 2, 1 / 2) with x = v / (v +
 * t^2). Source: NIST Digital Library of Mathematical Functions, 8.17; Abramowitz and Stegun, 26.7.1.
 */
export function twoSidedProbability(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/**
 * The t that is exceeded on either side with probability `probability` in 0..1: 12.706 for 0.05 and one
 * degree.
 */
export function twoSidedQuantile(probability: number, degrees: number): number {
  let low = 0
  let high = 1
  while (twoSidedProbability(high, degrees) > probability && high < 1e300) high *= 2
  // Halving until the numbers between the bounds are used up.
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (twoSidedProbability(middle, degrees) > probability) low = middle
    else high = middle
  }
}

/**
 * Regularized incomplete beta function I_x(a, b), x in 0..1: the continued fraction of DLMF 8.17.22, on the
 * side where it converges fast (8.17.4), evaluated forwards by Lentz's method (Applied Optics 15, 1976).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  )
  const tiny = 1e-300
  const atLeastTiny = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let fraction = 1
  let numerator = 1
  let denominator = 0
  for (let n = 1; n < 10_000; n++) {
    const m = Math.floor(n / 2)
    const coefficient =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    denominator = 1 / atLeastTiny(1 + coefficient * denominator)
    numerator = atLeastTiny(1 + coefficient / numerator)
    fraction *= numerator * denominator
    if (Math.abs(numerator * denominator - 1) < 1e-15) break
  }
  return front / fraction
}

/**
 * ln of the gamma function of a positive number: Stirling's series (DLMF 5.11.1) from 10 on, recurrence
 * below.
 */
export function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x)
  const square = x * x
  const series =
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square) /
        square) /
    x
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series
}
