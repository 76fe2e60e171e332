// Getting published data from a server that does all that servers and networks do.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { GetEvent } from '../../../runtime/apps/download/events.js'
import type { Patience } from '../../../runtime/apps/download/fetch-archive.js'
import { getPublished } from '../../../runtime/apps/download/get-published.js'
import { type PublishedData, publishedData } from '../../../runtime/apps/download/published.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { takeOwnership } from '../../../runtime/platform/files/ownership.js'
import { temporaryFolder } from '../../data/files.js'
import { md5, noise, pictures, tarData, tarOf } from './archives.js'
import { cut, type FileServer, fileServer, type Manner } from './file-server.js'

const servers: FileServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(files: Readonly<Record<string, Uint8Array>>, manner?: Manner): Promise<FileServer> {
  const server = await fileServer(files, manner)
  servers.push(server)
  return server
}

const patience: Patience = { tries: 3, wait: () => 1, stall: 2000 }

interface Getting {
  readonly directory?: string
  readonly signal?: AbortSignal
  readonly onEvent?: (event: GetEvent) => void
}

async function get(
  data: PublishedData,
  from: string,
  { directory = temporaryFolder(), signal, onEvent }: Getting = {},
) {
  const events: GetEvent[] = []
  const emit = (event: GetEvent) => {
    events.push(event)
    onEvent?.(event)
  }
  let error: RunError | undefined
  try {
    await getPublished({ data, directory, from, patience }, emit, signal ?? new AbortController().signal)
  } catch (thrown) {
    if (!(thrown instanceof RunError)) throw thrown
    error = thrown
  }
  return { directory, events, error, kinds: events.map(({ event }) => event), last: events.at(-1) }
}

const work = (directory: string) => join(directory, '.saurun-download')
const archiveName = 'pictures.tar.gz'

function expectPlaced(directory: string): void {
  for (const [name, content] of Object.entries(pictures))
    expect(readFileSync(join(directory, 'pictures', name)).equals(content)).toBe(true)
  expect(existsSync(work(directory))).toBe(false)
}

describe('a whole download', () => {
  it('is checked, unpacked and put in its place, and nothing else is left', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive })
    const { directory, kinds, last, error } = await get(data, `${server.address}/`)
    expect(error).toBeUndefined()
    expectPlaced(directory)
    expect(readdirSync(directory)).toEqual(['pictures'])
    expect(kinds[0]).toBe('get_started')
    expect(kinds).toContain('download_progress')
    expect(kinds.slice(-3)).toEqual(['download_done', 'unpacked', 'got'])
    expect(last).toMatchObject({ already: false, checked: true, folder: join(directory, 'pictures') })
  })

  it('is not got again, but looked at byte by byte', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive })
    const { directory } = await get(data, server.address)
    const again = await get(data, server.address, { directory })
    expect(again.events).toEqual([expect.objectContaining({ event: 'got', already: true, checked: true })])
    expect(server.asked).toHaveLength(1)
    writeFileSync(join(directory, 'pictures/train.bin'), noise(200_000, 2))
    const changed = await get(data, server.address, { directory })
    expect(changed.error).toMatchObject({ code: 'SAU8113', exitCode: 1 })
    expect(changed.error?.message).toContain('train.bin is not what was unpacked')
  })

  it('of files that are the data is put in place file by file', async () => {
    const files = { 'images.gz': noise(5000), 'labels.gz': noise(50, 3) }
    const archives = Object.entries(files).map(([file, bytes]) => ({
      file,
      bytes: bytes.length,
      md5: md5(bytes),
    }))
    const data: PublishedData = { ...tarData().data, form: 'files', archives, files: archives }
    const server = await serve(files)
    const { directory } = await get(data, server.address)
    expect(readdirSync(join(directory, 'pictures')).sort()).toEqual(['images.gz', 'labels.gz'])
    rmSync(join(directory, 'pictures/labels.gz'))
    const again = await get(data, server.address, { directory })
    expect(again.last).toMatchObject({ already: false })
    expect(server.asked.map(({ path }) => path)).toEqual(['images.gz', 'labels.gz', 'labels.gz'])
    writeFileSync(join(directory, 'pictures/labels.gz'), noise(50, 4))
    expect((await get(data, server.address, { directory })).error?.message).toContain(
      'labels.gz is not the published',
    )
  })

  it('follows redirections', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [`there/${archiveName}`]: archive }, (request, response) => {
      if (request.url?.startsWith('/there/')) return false
      response.writeHead(302, { location: `/there${request.url}` }).end()
      return true
    })
    expectPlaced((await get(data, server.address)).directory)
  })
})

describe('a connection that is cut', () => {
  it('is taken up again where it broke, with the tag of the file', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (request, response, count) => {
      if (count > 2) return false
      cut(request, response, archive, 50_000)
      return true
    })
    const { directory, events } = await get(data, server.address)
    expectPlaced(directory)
    expect(server.asked.map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [undefined, undefined],
      ['bytes=50000-', '"one"'],
      ['bytes=100000-', '"one"'],
    ])
    expect(events.filter(({ event }) => event === 'download_retried')).toHaveLength(2)
  })

  it('again and again ends with what to do, and the next command goes on', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (request, response, count) => {
      if (count > 4) return false
      cut(request, response, archive, count === 1 ? 60_000 : 0)
      return true
    })
    const { directory, error } = await get(data, server.address)
    expect(error).toMatchObject({ code: 'SAU8108', exitCode: 1 })
    expect(error?.help).toContain('the same command goes on from there')
    expect(readFileSync(join(work(directory), `${archiveName}.part`)).length).toBe(60_000)
    const again = await get(data, server.address, { directory })
    expect(again.events).toContainEqual(expect.objectContaining({ event: 'download_started', from: 60_000 }))
    expectPlaced(directory)
  })

  it('by the user leaves a part that the next command goes on from', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (_, response, count) => {
      if (count > 1) return false
      response.writeHead(200, { 'content-length': archive.length, etag: '"one"' })
      response.write(archive.subarray(0, 70_000))
      return true
    })
    const ending = new AbortController()
    const onEvent = ({ event }: GetEvent) => {
      if (event === 'download_progress') setTimeout(() => ending.abort('SIGINT'), 50)
    }
    const { directory, error } = await get(data, server.address, { signal: ending.signal, onEvent })
    expect(error).toMatchObject({ code: 'SAU8115', exitCode: 130 })
    expect(readFileSync(join(work(directory), `${archiveName}.part`)).length).toBe(70_000)
    await get(data, server.address, { directory })
    expect(server.asked.at(-1)).toMatchObject({ range: 'bytes=70000-', ifRange: '"one"' })
    expectPlaced(directory)
  })

  it('that brings nothing for long counts as cut', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (_, response, count) => {
      if (count > 1) return false
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, 1000))
      return true
    })
    const directory = temporaryFolder()
    const events: GetEvent[] = []
    const request = { data, directory, from: server.address, patience: { ...patience, stall: 200 } }
    await getPublished(request, (event) => void events.push(event), new AbortController().signal)
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'download_retried', reason: expect.stringContaining('nothing came') }),
    )
    expectPlaced(directory)
  })
})

describe('a server', () => {
  it('without ranges sends all of it again', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (request, response, count) => {
      if (count === 1) cut(request, response, archive, 50_000)
      else response.writeHead(200, { 'content-length': archive.length }).end(archive)
      return true
    })
    const { directory, events } = await get(data, server.address)
    expectPlaced(directory)
    expect(events.flatMap((event) => (event.event === 'download_started' ? [event.from] : []))).toEqual([
      0, 0,
    ])
  })

  it('whose file changed meanwhile is not mixed with what came before', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive })
    const directory = temporaryFolder()
    mkdirSync(work(directory))
    writeFileSync(join(work(directory), `${archiveName}.part`), noise(40_000, 9))
    const { events } = await get(data, server.address, { directory })
    expectPlaced(directory)
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'download_retried',
        reason: 'what an earlier try left is of another file',
      }),
    )
  })

  it('that sends another part than was asked for is asked for all', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (request, response, count) => {
      if (count === 1) cut(request, response, archive, 50_000)
      else if (count === 2)
        response
          .writeHead(206, { 'content-range': `bytes 0-9/${archive.length}` })
          .end(archive.subarray(0, 10))
      else return false
      return true
    })
    expectPlaced((await get(data, server.address)).directory)
    expect(server.asked.at(-1)?.range).toBeUndefined()
  })

  it('that has nothing more is asked for all', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (request, response, count) => {
      if (count === 1) cut(request, response, archive, 50_000)
      else if (count === 2) response.writeHead(416).end()
      else return false
      return true
    })
    expectPlaced((await get(data, server.address)).directory)
  })

  it('that does not say how much it sends and stops too early is asked again', async () => {
    const { data, archive } = tarData()
    const server = await serve({ [archiveName]: archive }, (_, response, count) => {
      if (count > 1) return false
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(archive.subarray(0, 30_000))
      return true
    })
    expectPlaced((await get(data, server.address)).directory)
    expect(server.asked).toHaveLength(2)
  })

  it('that is busy is asked again, and given up in the end', async () => {
    const { data, archive } = tarData()
    const busy =
      (until: number): Manner =>
      (_, response, count) => {
        if (count > until) return false
        response.writeHead(503).end()
        return true
      }
    expectPlaced((await get(data, (await serve({ [archiveName]: archive }, busy(2))).address)).directory)
    const { error } = await get(data, (await serve({}, busy(9))).address)
    expect(error).toMatchObject({ code: 'SAU8105' })
    expect(error?.message).toContain('HTTP 503')
  })

  it('that is not there is named', async () => {
    const { data } = tarData()
    const server = await serve({})
    const { address } = server
    await server.close()
    const { error } = await get(data, address)
    expect(error).toMatchObject({ code: 'SAU8103' })
    expect(error?.message).toContain(`${address}/${archiveName} cannot be reached`)
  })

  it('without the file is named', async () => {
    const { error, directory } = await get(tarData().data, (await serve({})).address)
    expect(error).toMatchObject({ code: 'SAU8104' })
    expect(existsSync(work(directory))).toBe(false)
  })
})

describe('a wrong file', () => {
  it.each([
    ['longer', 1],
    ['shorter', -1],
  ])('that is %s than the published one is refused before it is read', async (_, more) => {
    const { data, archive } = tarData()
    const wrong = Buffer.concat([archive, noise(1)]).subarray(0, archive.length + more)
    const { error, directory } = await get(data, (await serve({ [archiveName]: wrong })).address)
    expect(error).toMatchObject({ code: 'SAU8106' })
    expect(existsSync(join(directory, 'pictures'))).toBe(false)
    expect(existsSync(work(directory))).toBe(false)
  })

  it('that goes on beyond its end is refused, and nothing of it stays', async () => {
    const { data, archive } = tarData()
    const server = await serve({}, (_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(Buffer.concat([archive, noise(10)]))
      return true
    })
    const { error, directory } = await get(data, server.address)
    expect(error).toMatchObject({ code: 'SAU8106' })
    expect(existsSync(work(directory))).toBe(false)
  })

  it('with one byte changed is refused by its checksum, and nothing of it stays', async () => {
    const { data, archive } = tarData()
    const tampered = Buffer.from(archive)
    tampered[1000] = (tampered[1000] ?? 0) ^ 1
    const { error, directory } = await get(data, (await serve({ [archiveName]: tampered })).address)
    expect(error).toMatchObject({ code: 'SAU8107' })
    expect(error?.message).toContain(md5(tampered))
    expect(error?.message).toContain(md5(archive))
    expect(existsSync(join(directory, 'pictures'))).toBe(false)
    expect(existsSync(work(directory))).toBe(false)
  })

  it('that lacks what readers need is refused', async () => {
    const { data, archive } = tarData([{ path: 'pictures/train.bin', content: noise(200_000) }])
    const { error, directory } = await get(data, (await serve({ [archiveName]: archive })).address)
    expect(error).toMatchObject({ code: 'SAU8112' })
    expect(error?.message).toContain('it lacks names.txt')
    expect(readdirSync(directory)).toEqual([])
  })

  it('that is no archive is refused', async () => {
    const bytes = noise(5000)
    const { data } = tarData()
    const archives = [{ file: archiveName, bytes: bytes.length, md5: md5(bytes) }]
    const { error } = await get({ ...data, archives }, (await serve({ [archiveName]: bytes })).address)
    expect(error).toMatchObject({ code: 'SAU8112' })
  })
})

describe('the folder', () => {
  it('that holds something else is left alone', async () => {
    const { data } = tarData()
    const directory = temporaryFolder()
    mkdirSync(join(directory, 'pictures'))
    writeFileSync(join(directory, 'pictures/mine.txt'), 'mine')
    const { error } = await get(data, 'http://127.0.0.1:9', { directory })
    expect(error).toMatchObject({ code: 'SAU8113' })
    expect(readdirSync(join(directory, 'pictures'))).toEqual(['mine.txt'])
  })

  it('that was unpacked by other means is taken by its sizes, and that is said', async () => {
    const { data } = tarData()
    const directory = temporaryFolder()
    mkdirSync(join(directory, 'pictures'))
    for (const [name, content] of Object.entries(pictures))
      writeFileSync(join(directory, 'pictures', name), content)
    const { events } = await get(data, 'http://127.0.0.1:9', { directory })
    expect(events).toEqual([expect.objectContaining({ event: 'got', already: true, checked: false })])
  })

  it('that another command works in is left to it', async () => {
    const { data } = tarData()
    const directory = temporaryFolder()
    mkdirSync(work(directory))
    const other = takeOwnership(work(directory))
    try {
      const { error } = await get(data, 'http://127.0.0.1:9', { directory })
      expect(error).toMatchObject({ code: 'SAU8114' })
    } finally {
      other.release()
    }
  })

  it('that cannot be made is named', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    const { error } = await get(tarData().data, 'http://127.0.0.1:9', { directory: join(file, 'data') })
    expect(error).toMatchObject({ code: 'SAU8110' })
  })

  it('on a disk without room is told before anything is got', async () => {
    const { data } = tarData()
    const archives = data.archives.map((archive) => ({ ...archive, bytes: 2 ** 60 }))
    const { error } = await get({ ...data, archives }, 'http://127.0.0.1:9')
    expect(error).toMatchObject({ code: 'SAU8109' })
  })
})

describe('the table of published data', () => {
  it('has sizes and sums of the form that sites publish', () => {
    for (const { archives, files, form, site } of publishedData) {
      for (const { md5: sum, bytes } of archives) {
        expect(sum).toMatch(/^[0-9a-f]{32}$/)
        expect(bytes).toBeGreaterThan(1000)
      }
      expect(files.length).toBeGreaterThan(0)
      expect(form === 'tar' ? archives.length : files.length).toBe(form === 'tar' ? 1 : archives.length)
      expect(site).toMatch(/^https?:\/\/[a-z0-9.~/-]+$/)
    }
  })
})

it('a tar without compression is unpacked too', async () => {
  const { data } = tarData()
  const archive = tarOf([
    { path: './pictures/', type: '5' },
    ...Object.entries(pictures).map(([name, content]) => ({ path: `./pictures/${name}`, content })),
  ])
  const archives = [{ file: 'pictures.tar', bytes: archive.length, md5: md5(archive) }]
  expectPlaced(
    (await get({ ...data, archives }, (await serve({ 'pictures.tar': archive })).address)).directory,
  )
})
