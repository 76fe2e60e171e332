// A server on the loopback that gives one file in all the ways in which servers and networks do.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly path: string
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

export interface FileServer {
  readonly address: string
  readonly asked: Asked[]
  close(): Promise<void>
}

/** What a server may do with a request; returns true where it has answered. */
export type Manner = (request: IncomingMessage, response: ServerResponse, count: number) => boolean

/** Serves `files` with ranges and tags, unless the manner of the test does something else first. */
export async function fileServer(
  files: Readonly<Record<string, Uint8Array>>,
  manner: Manner = () => false,
): Promise<FileServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\//, '')
    const { range, 'if-range': ifRange } = request.headers
    asked.push({ path, range, ifRange: typeof ifRange === 'string' ? ifRange : undefined })
    if (manner(request, response, asked.length)) return
    const bytes = files[path]
    if (bytes === undefined) {
      response.writeHead(404).end('nothing here')
      return
    }
    const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? []
    const tag = '"one"'
    if (from === undefined || (ifRange !== undefined && ifRange !== tag)) {
      response.writeHead(200, { 'content-length': bytes.length, etag: tag }).end(bytes)
      return
    }
    const start = Number(from)
    response
      .writeHead(206, {
        'content-length': bytes.length - start,
        'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
        etag: tag,
      })
      .end(bytes.subarray(start))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Announces all of `bytes` (from where it was asked), sends `count` of them, and cuts the connection. */
export function cut(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  count: number,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start === 0 ? 200 : 206, {
    'content-length': bytes.length - start,
    etag: '"one"',
    ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  })
  response.write(bytes.subarray(start, start + count), () => setTimeout(() => response.destroy(), 100))
}
