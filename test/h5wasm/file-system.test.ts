import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FS, h5wasm, Module, ready } from 'h5tracks/h5wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5wasmItself } from '../support/hdf5/both.js'
import { scratch } from '../support/scratch.js'

// The same calls to h5wasm's file system and to ours give the same results, and the same errors by name and number.

let theirs: typeof FS
beforeAll(async () => {
  theirs = (await h5wasmItself()).Module.FS
})

const bytes = (...of: number[]) => Uint8Array.from(of)
const node = (of: { path: string } | null) => of?.path ?? null

/** Each entry makes some calls in a directory of its own, which has `file` (hello), `dir/` and `link` to `file`. */
const calls: Record<string, (fs: typeof FS, at: (name: string) => string) => unknown> = {
  'read a file as bytes': (fs, at) => fs.readFile(at('file')),
  'read a file with encoding: binary': (fs, at) => fs.readFile(at('file'), { encoding: 'binary' }),
  'read a file as text': (fs, at) => fs.readFile(at('file'), { encoding: 'utf8' }),
  'read an absent file': (fs, at) => fs.readFile(at('none')),
  'read a directory': (fs, at) => fs.readFile(at('dir')),
  'write bytes': (fs, at) => [fs.writeFile(at('new'), bytes(0, 255, 10)), fs.readFile(at('new'))],
  'write text': (fs, at) => [fs.writeFile(at('new'), 'naïve'), fs.readFile(at('new'))],
  'write floats': (fs, at) => [fs.writeFile(at('new'), new Float32Array([1, 2])), fs.readFile(at('new'))],
  'write a part of a buffer': (fs, at) => [
    fs.writeFile(at('new'), bytes(1, 2, 3, 4).subarray(1, 3)),
    fs.readFile(at('new')),
  ],
  'overwrite a file': (fs, at) => [fs.writeFile(at('file'), 'x', { flags: 'w+' }), fs.readFile(at('file'))],
  'append to a file': (fs, at) => [
    fs.writeFile(at('file'), '!', { flags: 'a' }),
    fs.readFile(at('file'), { encoding: 'utf8' }),
  ],
  'write into an absent directory': (fs, at) => fs.writeFile(at('none/new'), 'x'),
  'write to the path of a directory': (fs, at) => fs.writeFile(at('dir'), 'x'),
  'create a path': (fs, at) => fs.createPath(at(''), 'a/b') === at('a/b'),
  'create a directory': (fs, at) => [fs.mkdir(at('new')), fs.isDir(fs.stat(at('new')).mode)],
  'create an existing directory': (fs, at) => fs.mkdir(at('dir')),
  'create nested directories': (fs, at) => [
    fs.mkdirTree(at('a/b/c')),
    fs.mkdirTree(at('a/b/c')),
    fs.readdir(at('a/b')),
  ],
  'remove a directory': (fs, at) => [fs.rmdir(at('dir')), fs.analyzePath(at('dir')).exists],
  'remove a directory that is not empty': (fs, at) => [fs.mkdir(at('dir/in')), fs.rmdir(at('dir'))],
  'remove an absent directory': (fs, at) => fs.rmdir(at('none')),
  'unlink a file': (fs, at) => [fs.unlink(at('file')), fs.analyzePath(at('file')).exists],
  'unlink an absent file': (fs, at) => fs.unlink(at('none')),
  'list a directory': (fs, at) => fs.readdir(at('')).sort(),
  'list an absent directory': (fs, at) => fs.readdir(at('none')),
  'list a file': (fs, at) => fs.readdir(at('file')),
  'stat a file': (fs, at) => [fs.stat(at('file')).size, fs.stat(at('link')).size, fs.isFile(fs.stat(at('file')).mode)],
  'lstat a link': (fs, at) => [fs.isLink(fs.lstat(at('link')).mode), fs.isLink(fs.stat(at('link'), true).mode)],
  'stat an absent file': (fs, at) => fs.stat(at('none')),
  'rename a file': (fs, at) => [fs.rename(at('file'), at('new')), fs.readFile(at('new'), { encoding: 'utf8' })],
  'truncate a file': (fs, at) => [fs.truncate(at('file'), 2), fs.stat(at('file')).size],
  'create a symbolic link': (fs, at) => [fs.symlink('file', at('new')), fs.readlink(at('new')), fs.readFile(at('new'))],
  'set mode and times': (fs, at) => {
    fs.chmod(at('file'), 0o600)
    fs.utime(at('file'), 1_000_000, 2_000_000)
    const { mode, mtimeMs, atimeMs } = fs.stat(at('file'))
    return [mode, mtimeMs, atimeMs]
  },
  'get the working directory': (fs) => fs.cwd(),
  'analyze a file': (fs, at) => {
    const { isRoot, exists, error, path, object, parentExists } = fs.analyzePath(at('file'))
    return { isRoot, exists, error, path, object: node(object), parentExists }
  },
  'analyze an absent path': (fs, at) => fs.analyzePath(at('none')).exists,
  'analyze an absent path in full': (fs, at) => {
    const { name, path, error, object, parentExists, parentPath } = fs.analyzePath(at('none'))
    return { name, path, error, object, parentExists, parentPath }
  },
  'analyze a path below an absent one': (fs, at) => {
    const { name, path, error, exists, parentExists, parentPath } = fs.analyzePath(at('none/none'))
    return { name, path, error, exists, parentExists, parentPath }
  },
  'analyze the root': (fs) => [fs.analyzePath('/').isRoot, fs.analyzePath('/').exists],
  'read a stream in pieces': (fs, at) => {
    const stream = fs.open(at('file'), 'r')
    const buffer = new Uint8Array(8)
    const counts = [
      fs.read(stream, buffer, 0, 2),
      fs.read(stream, buffer, 2, 10 - 4),
      fs.read(stream, buffer, 0, 8),
      fs.read(stream, buffer, 6, 2, 1),
      fs.llseek(stream, -1, 2),
      fs.llseek(stream, -1, 1),
      fs.read(stream, buffer, 7, 1),
      fs.fstat(stream.fd).size,
    ]
    return [counts, buffer, fs.close(stream)]
  },
  'write a stream in pieces': (fs, at) => {
    const stream = fs.open(at('new'), 'w+')
    const counts = [
      fs.write(stream, bytes(1, 2, 3), 0, 3),
      fs.write(stream, bytes(9), 0, 1, 0),
      fs.write(stream, bytes(4, 5), 1, 1),
    ]
    fs.ftruncate(stream.fd, 3)
    return [counts, fs.close(stream), fs.readFile(at('new'))]
  },
  'seek before the beginning of a file': (fs, at) => {
    const stream = fs.open(at('file'), 'r')
    try {
      return fs.llseek(stream, -1, 0)
    } finally {
      fs.close(stream)
    }
  },
  'open an absent file': (fs, at) => fs.open(at('none'), 'r'),
  'close a stream twice': (fs, at) => {
    const stream = fs.open(at('file'), 'r')
    return [fs.close(stream), fs.close(stream)]
  },
  'synchronize the file system': (fs) => {
    let passed: unknown = 'nothing'
    fs.syncfs(true, (error) => {
      passed = error
    })
    return passed
  },
}

/** The result of a call, or the error that it throws. */
function outcome(fs: typeof FS, call: (typeof calls)[string]) {
  const directory = join(scratch('x'), '..')
  const at = (name: string) => join(directory, name)
  mkdirSync(at('dir'))
  FS.writeFile(at('file'), 'hello')
  FS.symlink('file', at('link'))
  try {
    return { gave: JSON.parse(JSON.stringify(call(fs, at) ?? null).replaceAll(directory, '…')) }
  } catch (error) {
    const { name, code, errno } = error as { name: string; code: string; errno: number }
    return { name, code, errno, isErrnoError: error instanceof fs.ErrnoError }
  }
}

test.for(Object.keys(calls))("our FS gives the same result or error as h5wasm's: %s", (name) => {
  expect(outcome(FS, calls[name]!)).toEqual(outcome(theirs, calls[name]!))
})

describe('the parts of FS that only this library has', () => {
  test('the module has the same FS before and after ready', async () => {
    expect((await ready).FS).toBe(FS)
    expect((await h5wasm.ready).FS).toBe(Module.FS)
  })

  test('an error of FS has the path, the code and the system call', () => {
    const none = scratch('none')
    try {
      FS.unlink(none)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ name: 'ErrnoError', code: 'ENOENT', errno: 44, syscall: 'unlink', path: none })
      expect((error as Error).message).toContain(none)
    }
  })

  test('FS.mkdirTree refuses the path of a file', () => {
    const path = scratch('file')
    FS.writeFile(path, '')
    expect(() => FS.mkdirTree(path)).toThrow(expect.objectContaining({ code: 'EEXIST', errno: 20 }))
  })

  test('FS.readFile gives bytes in an ArrayBuffer of their own', () => {
    const path = scratch('own')
    FS.writeFile(path, bytes(1, 2, 3))
    const { buffer, byteOffset } = FS.readFile(path)
    expect([buffer.byteLength, byteOffset]).toEqual([3, 0])
  })

  test('FS.writeFile and FS.readFile refuse invalid data and encodings, and createDataFile writes bytes', () => {
    const path = scratch('new')
    for (const data of [5, [1, 2], new ArrayBuffer(2), undefined]) {
      expect(() => FS.writeFile(path, data as never)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', field: 'data' }),
      )
    }
    expect(() => FS.readFile(path, { encoding: 'latin1' as 'utf8' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', field: 'encoding' }),
    )
    expect(existsSync(path)).toBe(false)
    FS.createDataFile(join(path, '..'), 'new', bytes(7))
    expect([...readFileSync(path)]).toEqual([7])
  })

  test.for(['mount', 'createLazyFile', 'createPreloadedFile', 'createDevice'] as const)(
    'FS.%s is refused with an error that says what to do instead',
    (name) => {
      expect(() => FS[name]()).toThrow(
        expect.objectContaining({ code: 'ERR_UNSUPPORTED', message: expect.stringMatching(/Node's file system/) }),
      )
      expect('WORKERFS' in FS.filesystems).toBe(false)
    },
  )

  test('an HDF5 file is written, read as bytes, opened from those bytes and removed', () => {
    const path = scratch('made.h5')
    const file = new h5wasm.File(path, 'w')
    file.create_dataset({ name: 'data', data: [1, 2, 3] })
    file.flush()
    const flushed = FS.readFile(path)
    file.close()
    const copy = scratch('copy.h5')
    FS.writeFile(copy, flushed)
    const again = new h5wasm.File(copy, 'r')
    expect((again.get('data') as InstanceType<typeof h5wasm.Dataset>).value).toEqual(new Int32Array([1, 2, 3]))
    again.close()
    FS.unlink(copy)
    expect(FS.analyzePath(copy).exists).toBe(false)
  })
})
