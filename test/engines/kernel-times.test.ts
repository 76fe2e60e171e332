import { describe, expect, test } from 'vitest'
import { createKernelReader } from '../../runtime/engines/onnx/kernel-times.js'
import { readExecutorLog } from '../../runtime/engines/tensorflow/executor-log.js'
import { nodeFinder } from '../../runtime/engines/tensorflow/measure.js'

describe('the file of onnxruntime', () => {
  const origins = new Map([
    ['Conv_3', 7],
    ['Reshape_11', 8],
    ['output new:w', 9],
  ])
  const event = (cat: string, name: string, ts: number, dur: number, kernel?: string) =>
    `{"cat" : "${cat}","pid" :1,"tid" :1,"dur" :${dur},"ts" :${ts},"ph" : "X","name" :"${name}","args" : {${kernel === undefined ? '' : `"op_name" : "${kernel}"`}}},`
  const read = (lines: readonly string[]) => {
    const reader = createKernelReader(origins)
    for (const line of lines) reader.line(line)
    return reader.calls
  }

  test('gives the kernels of each call, mapped by the names that the model was written with', () => {
    const calls = read([
      '[',
      event('Session', 'session_initialization', 3, 100),
      event('Node', 'Conv_3_kernel_time', 200, 40, 'Conv'),
      event('Node', 'output new:w_kernel_time', 240, 2, 'Identity'),
      event('Session', 'SequentialExecutor::Execute', 199, 45),
      event('Session', 'model_run', 198, 50),
      event('Node', 'Conv_3_kernel_time', 300, 30, 'Conv'),
      event('Session', 'model_run', 290, 45).slice(0, -1),
      ']',
    ])
    expect(calls.map(({ milliseconds, kernels }) => [milliseconds, kernels.length])).toEqual([
      [0.05, 2],
      [0.045, 1],
    ])
    expect(calls[0]?.kernels).toEqual([
      { name: 'Conv_3', kernel: 'Conv', node: 7, start: 200, duration: 40, thread: 0 },
      { name: 'output new:w', kernel: 'Identity', node: 9, start: 240, duration: 2, thread: 0 },
    ])
  })

  test('takes what the runtime made of a node for that node, and leaves out what nobody wrote', () => {
    const [call] = read([
      event('Node', 'Reshape_11_new_reshape_kernel_time', 1, 1, 'Reshape'),
      event('Node', 'MemcpyFromHost_kernel_time', 2, 1, 'MemcpyFromHost'),
      event('Session', 'model_run', 0, 4),
    ])
    expect(call?.kernels.map(({ node }) => node)).toEqual([8, undefined])
  })

  test('a torn line is no event', () => {
    expect(read(['{"cat" : "Node","name" :"Conv_3_ker', event('Session', 'model_run', 0, 4)])).toEqual([
      { milliseconds: 0.004, kernels: [] },
    ])
  })
})

describe("the log of TensorFlow's executor", () => {
  const nodeOf = nodeFinder(['train/n0_input', 'train/n1_conv2d'])
  const newForm = (time: string, thread: number, what: string, id: number, name: string, kernel: string) =>
    `I0000 00:00:${time}    ${thread} executor.cc:879] ${what}: ${id} step 5 {{node ${name}}} = ${kernel}[T=DT_FLOAT](x) device: CPU:0\n`
  const oldForm = (time: string, what: string, id: number, name: string, kernel: string) =>
    `2026-11-25 ${time}: I tensorflow/core/common_runtime/executor.cc:841] ${what}: ${id} step 5 {{node ${name}}} = ${kernel}[T=DT_FLOAT](x) device: CPU:0\n`

  test('gives each node from its beginning to its end, across threads', () => {
    const log = [
      newForm('1795608879.173689', 5600, 'Process node', 33, 'train/n1_conv2d/Conv2D', '_MklNativeConv2D'),
      newForm('1795608879.173780', 5599, 'Process node', 45, 'constants/c', 'Const'),
      'I0000 00:00:1795608879.173800    5599 other.cc:1] something else\n',
      newForm('1795608879.173790', 5599, 'Synchronous kernel done', 45, 'constants/c', 'Const'),
      newForm(
        '1795608879.180371',
        5600,
        'Async kernel done',
        33,
        'train/n1_conv2d/Conv2D',
        '_MklNativeConv2D',
      ),
      newForm('1795608879.180400', 5600, 'Process node', 50, '_retval_x', '_Retval'),
      newForm('1795608879.180410', 5600, 'Synchronous kernel done', 50, '_retval_x', '_Retval'),
    ].join('')
    const start = 1795608879173689
    expect(readExecutorLog(log, nodeOf)).toEqual([
      { name: 'constants/c', kernel: 'Const', node: undefined, start: start + 91, duration: 10, thread: 1 },
      {
        name: 'train/n1_conv2d/Conv2D',
        kernel: '_MklNativeConv2D',
        node: 1,
        start,
        duration: 6682,
        thread: 0,
      },
    ])
  })

  test('reads the form of older versions, over midnight too', () => {
    const name = 'train/n1_conv2d/Conv2D'
    const log =
      oldForm('23:59:59.999900', 'Process node', 3, name, 'Conv2D') +
      oldForm('00:00:00.000100', 'Synchronous kernel done', 3, name, 'Conv2D')
    expect(readExecutorLog(log, nodeOf)).toMatchObject([{ node: 1, duration: 200, thread: 0 }])
  })

  test('a node without its end is left out', () => {
    const name = 'train/n1_conv2d/Conv2D'
    expect(readExecutorLog(oldForm('12:00:00.000000', 'Process node', 3, name, 'Conv2D'), nodeOf)).toEqual([])
  })

  test("nodes of TensorFlow's optimizer belong to the node that they are named after", () => {
    expect(nodeOf('ArithmeticOptimizer/FoldTranspose_train/n1_conv2d/Conv2D')).toBe(1)
    expect(nodeOf('train_last/n1_conv2d/Conv2D')).toBeUndefined()
    expect(nodeOf('state/net_conv1_weight')).toBeUndefined()
  })
})
