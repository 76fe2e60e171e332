// Test functions of optimization with their spaces and minima, and learning curves whose end is known.

const real = (name, low, high) => ({ kind: 'real', name, low, high, log: false })

/** Dixon and Szegoe, "The global optimization problem", 1978 (Branin, Hartmann-6); Rosenbrock 1960. */
export const functions = [
  {
    name: 'Branin',
    space: [real('x', -5, 10), real('y', 0, 15)],
    minimum: 0.397887,
    value({ x, y }) {
      const bend = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6
      return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10
    },
  },
  {
    name: 'Hartmann-6',
    space: Array.from({ length: 6 }, (_, i) => real(`x${i}`, 0, 1)),
    minimum: -3.32237,
    value: (point) => hartmann(Array.from({ length: 6 }, (_, i) => point[`x${i}`])),
  },
  {
    name: 'Rosenbrock in 4',
    space: Array.from({ length: 4 }, (_, i) => real(`x${i}`, -2, 2)),
    minimum: 0,
    value(point) {
      const x = Array.from({ length: 4 }, (_, i) => point[`x${i}`])
      return x.slice(1).reduce((sum, next, i) => sum + 100 * (next - x[i] ** 2) ** 2 + (1 - x[i]) ** 2, 0)
    },
  },
  {
    // A valley in the rate on a log scale, a best depth, and one good word.
    name: 'rate, depth and word',
    space: [
      { kind: 'real', name: 'rate', low: 1e-5, high: 1, log: true },
      { kind: 'whole', name: 'depth', low: 1, high: 64, log: true },
      { kind: 'choice', name: 'word', values: ['a', 'b', 'c', 'd', 'e'] },
    ],
    minimum: 0,
    value: ({ rate, depth, word }) =>
      (Math.log10(rate) + 2) ** 2 + (Math.log2(depth) - 4) ** 2 / 4 + (word === 'c' ? 0 : 1),
  },
]

function hartmann(x) {
  const weights = [1, 1.2, 3, 3.2]
  const steepness = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ]
  const places = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ]
  return -weights.reduce((sum, weight, row) => {
    const distance = x.reduce((total, at, i) => total + steepness[row][i] * (at - places[row][i]) ** 2, 0)
    return sum + weight * Math.exp(-distance)
  }, 0)
}

/** Accuracies by epoch that rise to ends 1 % apart, some faster than others, so that early on they cross. */
export function madeCurves(seed, settings, epochs) {
  let state = seed * 7919 + 12345
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const order = Array.from({ length: settings }, (_, i) => i)
  for (let i = settings - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order.map((rank) => {
    const end = 0.9 - 0.01 * rank
    const pace = 2.5 + 0.5 * uniform()
    return Array.from({ length: epochs }, (_, epoch) => end * (1 - 0.8 * Math.exp(-(epoch + 1) / pace)))
  })
}
