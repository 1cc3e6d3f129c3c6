import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { python } from '../support/interpreter.js'
import { run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { Disk } from './power.js'
import { buildShim, type Fault, Log, makePlace, underShim } from './process.js'

// The shim does what the fault tests rely on. The calls come from Python, which makes each of them directly.

const { library, missing } = buildShim(dirname(scratch()))

interface Call {
  fault?: Fault
  power?: boolean
  before?: Record<string, string>
}

/** Runs Python lines under the shim, with the faulted directory as `d`; gives the files and the counted calls. */
async function under(lines: string, { fault, power, before = {} }: Call = {}) {
  const place = makePlace(dirname(scratch()))
  for (const [name, content] of Object.entries(before)) writeFileSync(join(place.directory, name), content)
  const source = `
import os, mmap, sys
d = sys.argv[1]
def create(name): return os.open(d + '/' + name, os.O_RDWR | os.O_CREAT, 0o600)
def attempt(call, *args):
  try: print(call(*args))
  except OSError as error: print(error.errno)
def sync(name):
  fd = os.open(d + '/' + name, os.O_RDONLY)
  os.fsync(fd)
  os.close(fd)
${lines}`
  const env = underShim(place, { library, fault, power })
  const ended = await run(python(), ['-u', '-c', source, place.directory], { env })
  const files = () =>
    Object.fromEntries(
      readdirSync(place.directory).map((name) => [name, readFileSync(join(place.directory, name), 'latin1')]),
    )
  return { ...ended, place, files, calls: new Log(place.log).calls.map(({ call, file }) => `${call} ${file}`) }
}

const at = (number: number, mode: Fault['mode'], errno?: string): Fault => ({ at: number, mode, errno })

describe.skipIf(missing !== undefined)(`the shim ${missing ?? ''}`, () => {
  test('the shim counts the writing calls on the files of its directory, and no others', async () => {
    const { calls, stderr } = await under(`
fd = create('a')
os.write(fd, b'1'); os.pwrite(fd, b'2', 1); os.writev(fd, [b'3', b'4']); os.ftruncate(fd, 9); os.posix_fallocate(fd, 0, 99)
os.fsync(fd); os.fdatasync(fd); os.read(fd, 1); os.close(os.open(d + '/a', os.O_RDONLY))
os.chdir(d); os.rename('a', 'b'); os.link('b', 'c'); os.unlink(d + '/../files/c'); os.truncate('b', 1)
other = os.open(d + '/../other', os.O_RDWR | os.O_CREAT); os.write(other, b'1'); os.fsync(other); os.unlink('../other')
r, w = os.pipe(); os.write(w, b'1'); print(1)`)
    expect(stderr).toBe('')
    expect(calls).toEqual([
      'open /a',
      ...['write', 'pwrite', 'writev', 'ftruncate', 'posix_fallocate', 'fsync', 'fdatasync'].map(
        (call) => `${call} /a`,
      ),
      ...['rename /b', 'link /c', 'unlink /c', 'truncate /b'],
    ])
  })

  const three = `
fd = create('a')
for text in b'abcd', b'efgh', b'ijkl': attempt(os.write, fd, text)`

  test.each([
    ['kills the process before a call', at(3, 'kill'), 'SIGKILL', 'abcd', '4\n'],
    ['kills the process in the middle of a call', at(3, 'torn'), 'SIGKILL', 'abcdef', '4\n'],
    ['kills the process in place of a call without bytes', at(1, 'torn'), 'SIGKILL', undefined, ''],
    ['makes one call fail', at(3, 'once', 'ENOSPC'), null, 'abcdijkl', '4\n28\n4\n'],
    ['makes one call and all later ones fail', at(3, 'all', 'EIO'), null, 'abcd', '4\n5\n5\n'],
    ['simulates a full disk', at(3, 'short', 'EDQUOT'), null, 'abcdef', '4\n2\n122\n'],
  ] as const)('the shim %s', async (_, fault, signal, content, stdout) => {
    const ended = await under(three, { fault })
    expect(ended).toMatchObject({ signal, stdout })
    expect(ended.files().a).toBe(content)
  })

  describe('a power loss that the shim simulates', () => {
    const lost = async (lines: string, before: Record<string, string> = {}) => {
      const { place, files, stderr } = await under(lines, { power: true, before })
      expect(stderr).toBe('')
      const disk = new Disk(place)
      return (names: 'synced' | 'now', survives = 0) => {
        disk.lose({ names, survives, seed: 1 })
        return files()
      }
    }

    test('a simulated power loss leaves what was synced, or some pages more', async () => {
      const left = await lost(`
fd = create('a')
os.write(fd, b'1' * 4096); os.fsync(fd); os.write(fd, b'2' * 4096); os.pwrite(fd, b'3', 0)
sync('.')`)
      expect(left('synced')).toEqual({ a: '1'.repeat(4096) })
      expect(left('now', 1)).toEqual({ a: `3${'1'.repeat(4095)}${'2'.repeat(4096)}` })
    })

    test('a simulated power loss leaves stores into a mapping when their range was synced', async () => {
      const left = await lost(`
fd = create('a')
os.posix_fallocate(fd, 0, 3 * 4096); os.fsync(fd); sync('.')
m = mmap.mmap(fd, 3 * 4096)
m[0] = m[4096] = m[8192] = 49
m.flush(4096, 4096)
m[4097] = 50`)
      const zeros = '\0'.repeat(4095)
      expect(left('synced')).toEqual({ a: `\0${zeros}1${zeros}\0${zeros}` })
      expect(left('now', 1)).toEqual({ a: `1${zeros}12${zeros.slice(1)}1${zeros}` })
    })

    test('a simulated power loss leaves the names of the last sync of the directory, or the new ones', async () => {
      const left = await lost(
        `
fd = create('new'); os.write(fd, b'new'); os.fsync(fd)
os.rename(d + '/new', d + '/old')
os.unlink(d + '/gone')
os.close(create('never synced'))`,
        { old: 'old', gone: 'gone' },
      )
      expect(left('synced')).toEqual({ old: 'old', gone: 'gone' })
      expect(left('now')).toEqual({ old: 'new', 'never synced': '' })
    })

    test('a process under a simulated power loss reads another boot id', async () => {
      const { stdout } = await under("print(open('/proc/sys/kernel/random/boot_id').read())", { power: true })
      expect(stdout).toMatch(/^0{8}-/)
    })
  })
})
