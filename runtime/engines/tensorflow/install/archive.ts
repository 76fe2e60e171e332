// Taking files out of wheels and npm packages, by the Python that is there: Node reads neither, and Python
// checks each file against its checksum.
import { lastLines, runTool } from './command.js'
import type { Python, ToolWorld } from './tools.js'

const script = `
import os, re, sys, tarfile, zipfile

archive_file, folder, keep, drop = sys.argv[1:5]
step = 16 << 20


def wanted(name):
    if name.startswith('/') or '..' in name.split('/'):
        raise ValueError('it holds a file outside of itself: ' + name)
    return re.search(keep, name) and not (drop and re.search(drop, name))


def write(source, name, mode, before):
    target = os.path.join(folder, *name.split('/'))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, 'wb') as out:
        while True:
            chunk = source.read(step)
            if not chunk:
                break
            out.write(chunk)
            before += len(chunk)
            print('done', before, flush=True)
    if mode & 0o111:
        os.chmod(target, 0o755)
    return before


try:
    done = 0
    if archive_file.endswith('.whl'):
        with zipfile.ZipFile(archive_file) as archive:
            members = [m for m in archive.infolist() if not m.filename.endswith('/') and wanted(m.filename)]
            print('total', sum(m.file_size for m in members), flush=True)
            for member in members:
                with archive.open(member) as source:
                    done = write(source, member.filename, member.external_attr >> 16, done)
    else:
        with tarfile.open(archive_file) as archive:
            for member in archive:
                if member.isfile() and wanted(member.name):
                    done = write(archive.extractfile(member), member.name, member.mode, done)
except OSError as error:
    print(error.strerror or error, file=sys.stderr)
    sys.exit(4 if error.errno == 28 else 3)
except Exception as error:
    print(error, file=sys.stderr)
    sys.exit(3)
`

export interface Unpacking {
  readonly python: Python
  readonly world: ToolWorld
  /** A `.whl` or `.tgz` file, absolute. */
  readonly archive: string
  readonly into: string
  /** Regular expressions over the names in the archive: what is taken, and what of that is not. */
  readonly keep: string
  readonly drop?: string
  readonly onBytes?: (bytes: number, total: number | undefined) => void
}

export type Unpacked =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly diskIsFull: boolean }

export async function unpack({
  python,
  world,
  archive,
  into,
  keep,
  drop = '',
  onBytes,
}: Unpacking): Promise<Unpacked> {
  let total: number | undefined
  const { code, all } = await runTool({
    ...world,
    program: python.program,
    words: ['-c', script, archive, into, keep, drop],
    onLine(line) {
      const [what, count = '0'] = line.split(' ')
      if (what === 'total') total = Number(count)
      else if (what === 'done') onBytes?.(Number(count), total)
    },
  })
  if (code === 0) return { ok: true }
  return { ok: false, reason: lastLines(all.replace(/^(done|total) \d+$/gm, ''), 1), diskIsFull: code === 4 }
}
