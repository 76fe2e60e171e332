// Kernels of convolutions between their canonical order [out, in, rows, columns] and TensorFlow's [rows,
// columns, in, out].
export function reorderKernel(
  data: Float32Array,
  canonicalShape: readonly number[],
  direction: 'to kernel' | 'to plain',
): Float32Array {
  const [out = 0, into = 0, rows = 0, columns = 0] = canonicalShape
  const taps = rows * columns
  const result = new Float32Array(data.length)
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < into; i++) {
      for (let o = 0; o < out; o++) {
        const plain = (o * into + i) * taps + tap
        const kernel = (tap * into + i) * out + o
        if (direction === 'to kernel') result[kernel] = data[plain] as number
        else result[plain] = data[kernel] as number
      }
    }
  }
  return result
}
