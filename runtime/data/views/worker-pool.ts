// Worker threads that render views. A job goes to the thread with the least to do at once, so that the
// threads are never without work while the main thread is busy with a training step.
import { Worker } from 'node:worker_threads'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { type RenderInput, type RenderJob, renderedBytes } from './render.js'
import type { WorkerAnswer, WorkerInput, WorkerRequest } from './worker-messages.js'

interface Waiting {
  readonly images: number
  readonly settle: (failure: Error | undefined) => void
}

interface Thread {
  readonly worker: Worker
  /** Jobs sent and not answered, by number. */
  readonly waiting: Map<number, Waiting>
  /** Images in those jobs. */
  load: number
}

/** A pool of threads; ends with `dispose`. */
export class WorkerPool {
  readonly #input: RenderInput
  readonly #threads: Thread[]
  /** Shared memory to be used again, by its size. */
  readonly #memory = new Map<number, SharedArrayBuffer[]>()
  #nextNumber = 0
  #failure: Error | undefined
  #disposed = false

  /** `entry` is the path of the script that the threads run. */
  constructor(
    input: RenderInput,
    threads: number,
    entry: string = compiledEntry('runtime/data/views/worker.js'),
  ) {
    this.#input = input
    const workerData: WorkerInput = { render: input }
    this.#threads = Array.from({ length: threads }, () => {
      const thread: Thread = { worker: new Worker(entry, { workerData }), waiting: new Map(), load: 0 }
      thread.worker.on('message', (answer: WorkerAnswer) => this.#answered(thread, answer))
      thread.worker.on('error', (error) => this.#died(error.message))
      thread.worker.on('exit', (code) => this.#died(`it ended with code ${code}`))
      // A thread that waits for work must not keep a finished program alive.
      thread.worker.unref()
      return thread
    })
  }

  /**
   * Renders a job; the result is a new array, the images of one view after those of the other.
   * @throws RunError SAU7701 where a thread has died, and whatever RunError the job itself leads to.
   */
  async render(job: RenderJob): Promise<Uint8Array> {
    const target = this.#take(renderedBytes(this.#input, job))
    await this.#send(job, target)
    const images = new Uint8Array(new Uint8Array(target))
    this.#memory.get(target.byteLength)?.push(target)
    return images
  }

  #take(length: number): SharedArrayBuffer {
    let free = this.#memory.get(length)
    if (free === undefined) {
      free = []
      this.#memory.set(length, free)
    }
    return free.pop() ?? new SharedArrayBuffer(length)
  }

  #send(job: RenderJob, target: SharedArrayBuffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const [first] = this.#threads
      if (this.#failure !== undefined || first === undefined) {
        reject(this.#failure ?? new Error('the pool has no threads'))
        return
      }
      const thread = this.#threads.reduce((least, other) => (other.load < least.load ? other : least), first)
      const request: WorkerRequest = { number: this.#nextNumber++, job, target }
      thread.waiting.set(request.number, {
        images: job.records.length,
        settle: (failure) => (failure === undefined ? resolve() : reject(failure)),
      })
      thread.load += job.records.length
      // While an answer is due the thread keeps the program alive.
      if (thread.waiting.size === 1) thread.worker.ref()
      thread.worker.postMessage(request)
    })
  }

  #answered(thread: Thread, answer: WorkerAnswer): void {
    const waiting = thread.waiting.get(answer.number)
    if (waiting === undefined) return
    thread.waiting.delete(answer.number)
    thread.load -= waiting.images
    if (thread.waiting.size === 0) thread.worker.unref()
    waiting.settle(failureOf(answer))
  }

  /** One dead thread ends the pool: what it was to render will never come. */
  #died(reason: string): void {
    if (this.#disposed || this.#failure !== undefined) return
    this.#fail(
      new RunError(
        'SAU7701',
        `a thread that prepares images died: ${reason}`,
        'the machine may be short of memory; start again with `--resume last`, and with fewer workers if it happens again',
        exitCodes.failed,
      ),
    )
  }

  #fail(failure: Error): void {
    this.#failure = failure
    for (const thread of this.#threads) {
      for (const waiting of thread.waiting.values()) waiting.settle(failure)
      thread.waiting.clear()
    }
  }

  /** Ends the threads; jobs that are still waiting are rejected. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    if (this.#failure === undefined) this.#fail(new Error('the threads that prepare images were ended'))
    await Promise.all(this.#threads.map((thread) => thread.worker.terminate()))
  }
}

function failureOf(answer: WorkerAnswer): Error | undefined {
  switch (answer.outcome) {
    case 'done':
      return undefined
    case 'refused':
      return new RunError(answer.code, answer.message, answer.help, answer.exitCode)
    case 'broken':
      return Object.assign(new Error(answer.message), { stack: answer.stack })
  }
}
