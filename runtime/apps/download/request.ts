// One GET as bytes on the wire: no body is decoded, for what is published is the compressed file.
// Redirections are followed.
import { type IncomingMessage, get as plainGet } from 'node:http'
import { get as secureGet } from 'node:https'

const mostRedirections = 5

export interface Reply {
  readonly response: IncomingMessage
  readonly status: number
  header(name: string): string | undefined
}

/**
 * Waits for the head of the reply; the body is in `response`, which ends with an error where the connection
 * is cut or nothing comes for `stall` milliseconds.
 */
export async function request(
  address: string,
  headers: Readonly<Record<string, string>>,
  { stall, signal }: { readonly stall: number; readonly signal: AbortSignal },
): Promise<Reply> {
  let url = new URL(address)
  for (let redirections = 0; ; redirections++) {
    const response = await requestOnce(url, headers, stall, signal)
    const { statusCode: status = 0 } = response
    const { location } = response.headers
    if (location === undefined || ![301, 302, 303, 307, 308].includes(status))
      return {
        response,
        status,
        header: (name) => {
          const value = response.headers[name]
          return typeof value === 'string' ? value : undefined
        },
      }
    response.resume()
    if (redirections === mostRedirections) throw new Error(`it was redirected ${redirections} times`)
    url = new URL(location, url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Error(`it leads to an address of another kind (${url.protocol})`)
  }
}

function requestOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  stall: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? secureGet : plainGet
    const sent = get(url, {
      headers: { 'user-agent': 'saurun', 'accept-encoding': 'identity', ...headers },
      signal,
    })
    // Told to the body where there is one: the error of its request would not reach it.
    let silenced: { destroy(error: Error): unknown } = sent
    sent.setTimeout(stall, () => silenced.destroy(new Error(`nothing came for ${stall / 1000} s`)))
    sent.on('response', (response) => {
      silenced = response
      resolve(response)
    })
    sent.on('error', reject)
  })
}
