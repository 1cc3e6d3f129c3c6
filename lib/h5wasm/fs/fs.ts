/** Emscripten's file system calls, on top of `node:fs`. */
import * as node from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { invalidArgument } from '../../base/errors.js'
import { ErrnoError, refused, withErrno } from './fs-error.js'
import { type FSStream, streams } from './fs-streams.js'

export type { FSStream }

/** The file or directory at a path. */
export interface FSNode {
  id: number
  mode: number
  path: string
  name: string
  isFolder: boolean
}

/** The result of `FS.analyzePath`. `error` is 0 if the path exists, else Emscripten's number of the error. */
export interface FSAnalysis {
  isRoot: boolean
  exists: boolean
  error: number
  name: string | null
  path: string | null
  object: FSNode | null
  parentExists: boolean
  parentPath: string | null
  parentObject: FSNode | null
}

/** How `FS.writeFile` opens the file: Node's flags (default `'w'`) and mode (default 0o666). */
export interface WriteOptions {
  flags?: string | number
  mode?: number
}

function readFile(path: string, options?: { encoding?: 'binary'; flags?: string | number }): Uint8Array
function readFile(path: string, options: { encoding: 'utf8'; flags?: string | number }): string
function readFile(path: string, options: { encoding?: string; flags?: string | number } = {}): Uint8Array | string {
  const { encoding = 'binary', flags = 'r' } = options
  if (encoding !== 'binary' && encoding !== 'utf8') throw invalidArgument('encoding', encoding, "'binary' or 'utf8'")
  const bytes = node.readFileSync(path, { flag: flags as string })
  return encoding === 'utf8' ? bytes.toString() : new Uint8Array(bytes)
}

function writeFile(path: string, data: string | ArrayBufferView, options: WriteOptions = {}): void {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    throw invalidArgument('data', data, 'a string, a typed array or a DataView')
  }
  const { flags = 'w', mode } = options
  node.writeFileSync(path, data as NodeJS.ArrayBufferView, { flag: flags as string, mode })
}

const kind = (of: number) => (mode: number) => (mode & node.constants.S_IFMT) === of
const isDir = kind(node.constants.S_IFDIR)

const stat = withErrno((path: string, dontFollow = false) => (dontFollow ? node.lstatSync(path) : node.statSync(path)))

function nodeAt(path: string): FSNode {
  const { ino, mode } = stat(path)
  return { id: ino, mode, path, name: basename(path) || '/', isFolder: isDir(mode) }
}

function nodeOrError(path: string): FSNode | ErrnoError {
  try {
    return nodeAt(path)
  } catch (error) {
    if (error instanceof ErrnoError) return error
    throw error
  }
}

function analyzePath(path: string): FSAnalysis {
  const [found, parent] = [nodeOrError(path), nodeOrError(dirname(path))]
  const [exists, parentExists] = [!(found instanceof Error), !(parent instanceof Error)]
  return {
    isRoot: resolve(path) === resolve('/'),
    exists,
    error: exists ? 0 : (found as ErrnoError).errno!,
    name: exists || parentExists ? basename(path) || '/' : null,
    path: exists ? path : null,
    object: exists ? (found as FSNode) : null,
    parentExists,
    parentPath: parentExists ? dirname(path) : null,
    parentObject: parentExists ? (parent as FSNode) : null,
  }
}

/** Creates the directories of `path` below `parent` and returns the path of the last one. */
function createPath(parent: string, path: string): string {
  const made = join(parent, path)
  node.mkdirSync(made, { recursive: true })
  return made
}

/**
 * Emscripten's file system calls, on top of Node's (`node:fs`). Paths are those of the machine, as they are for h5wasm in Node.
 * Errors are {@link ErrnoError}.
 */
export const FS = {
  ...streams,
  ErrnoError,
  /** Empty: no other file system can be mounted. */
  filesystems: {} as Readonly<Record<string, never>>,

  readFile: withErrno(readFile) as typeof readFile,
  writeFile: withErrno(writeFile),
  unlink: withErrno((path: string): void => node.unlinkSync(path)),
  rename: withErrno((from: string, to: string): void => node.renameSync(from, to)),
  truncate: withErrno((path: string, length: number): void => node.truncateSync(path, length)),
  symlink: withErrno((target: string, path: string): void => node.symlinkSync(target, path)),
  readlink: withErrno((path: string): string => node.readlinkSync(path)),
  createDataFile: withErrno((parent: string, name: string | null, data: string | ArrayBufferView): void =>
    writeFile(name ? join(parent, name) : parent, data),
  ),

  mkdir: withErrno((path: string, mode?: number): void => {
    node.mkdirSync(path, { mode })
  }),
  mkdirTree: withErrno((path: string, mode?: number): void => {
    node.mkdirSync(path, { mode, recursive: true })
  }),
  createPath: withErrno(createPath),
  rmdir: withErrno((path: string): void => node.rmdirSync(path)),
  /** Names in a directory, with `'.'` and `'..'`. */
  readdir: withErrno((path: string): string[] => ['.', '..', ...node.readdirSync(path)]),
  cwd: (): string => process.cwd(),
  chdir: withErrno((path: string): void => process.chdir(path)),

  stat,
  lstat: withErrno((path: string) => node.lstatSync(path)),
  chmod: withErrno((path: string, mode: number): void => node.chmodSync(path, mode)),
  /** Sets the times of a file, ms since 1970. */
  utime: withErrno((path: string, atime: number, mtime: number): void =>
    node.utimesSync(path, atime / 1000, mtime / 1000),
  ),
  isFile: kind(node.constants.S_IFREG),
  isDir,
  isLink: kind(node.constants.S_IFLNK),
  analyzePath,
  lookupPath: (path: string): { path: string; node: FSNode } => ({ path, node: nodeAt(path) }),
  /** Does nothing but call back: the files are already on the disk. */
  syncfs(populate: boolean | ((error: null) => void), callback?: (error: null) => void): void {
    const done = typeof populate === 'function' ? populate : callback
    done?.(null)
  },

  mount: refused(
    'mount',
    'cannot be mounted into; give File a path on the disk, or write the bytes there with FS.writeFile',
  ),
  unmount: refused('unmount', 'has no mounts'),
  createLazyFile: refused(
    'createLazyFile',
    'loads nothing by itself; fetch the bytes and write them with FS.writeFile',
  ),
  createPreloadedFile: refused(
    'createPreloadedFile',
    'loads nothing by itself; fetch the bytes and write them with FS.writeFile',
  ),
  createDevice: refused('createDevice', 'has no devices that a program can create'),
} as const

/** The type of `FS`. */
export type FileSystem = typeof FS
