// Entry of a worker thread: renders the jobs it is sent into shared memory and answers with their numbers.
import { parentPort, workerData } from 'node:worker_threads'
import { RunError } from '../../platform/errors.js'
import { Renderer } from './render.js'
import type { WorkerAnswer, WorkerInput, WorkerRequest } from './worker-messages.js'

const port = parentPort
if (port === null) throw new Error('runtime/data/views/worker is the entry of a worker thread')

const { render }: WorkerInput = workerData
const renderer = new Renderer(render)

port.on('message', async (request: WorkerRequest) => {
  port.postMessage(await answer(request))
})

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    await renderer.render(request.job, new Uint8Array(request.target))
    return { number: request.number, outcome: 'done' }
  } catch (error) {
    if (error instanceof RunError) {
      const { code, message, help, exitCode } = error
      return { number: request.number, outcome: 'refused', code, message, help, exitCode }
    }
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
    return { number: request.number, outcome: 'broken', message, stack }
  }
}
