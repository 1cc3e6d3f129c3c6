/** A store in a folder of a file system with hard links. */
import { randomUUID } from 'node:crypto'
import { constants, copyFile, link, mkdir, open, readdir, readFile, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join, posix, resolve } from 'node:path'
import { systemError } from '../../base/errors.js'
import { syncing } from '../../base/replace-file.js'
import type { Location, Store, Stored } from './store.js'

/** What published objects survive: a loss of power, or only the death of processes. */
export type PublishedDurability = 'power' | 'process'

/**
 * A store in a folder. `link(2)` gives an object its name, so that it appears whole, and only if the name is free. With
 * `durability: 'power'` the bytes are synced before, and the name after that.
 */
export class FolderStore implements Store {
  readonly name: string
  readonly #syncs: boolean
  readonly #made = new Set<string>()

  constructor(path: string, durability: PublishedDurability = 'power') {
    this.name = resolve(path)
    this.#syncs = durability === 'power'
  }

  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    return guarded(() => this.#putIfAbsent(key, bytes))
  }

  putFile(key: string, from: string): Promise<Stored> {
    return guarded(() => this.#putFile(key, from))
  }

  get(key: string): Promise<Uint8Array | null> {
    return guarded(() => readFile(this.#path(key)).catch((error) => absent(error, null)))
  }

  async #putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const path = await this.#prepare(key)
    const temporary = temporaryFor(path)
    try {
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(bytes)
        if (this.#syncs) await file.sync()
      } finally {
        await file.close()
      }
      return await this.#linkIfAbsent(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async #putFile(key: string, from: string): Promise<Stored> {
    const path = await this.#prepare(key)
    if (this.#syncs) await sync(from)
    try {
      if (await this.#linkIfAbsent(from, path)) await unlink(from)
      else throw exists(path)
    } catch (error) {
      // Another file system, or a system that lets only owners link (fs.protected_hardlinks).
      if (!['EXDEV', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      await this.#copy(from, path)
    }
    return {}
  }

  async keys(prefix: string): Promise<string[]> {
    const folder = prefix.endsWith('/') ? prefix : dirname(prefix)
    const read = () => readdir(this.#path(folder), { withFileTypes: true }).catch((error) => absent(error, []))
    const names = await guarded(read)
    return names
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => posix.join(folder, entry.name))
      .filter((key) => key.startsWith(prefix))
  }

  async remove(key: string): Promise<void> {
    await guarded(() => rm(this.#path(key), { force: true }))
  }

  locate(key: string): Location {
    return { path: this.#path(key) }
  }

  async #copy(from: string, path: string): Promise<void> {
    const temporary = temporaryFor(path)
    try {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
      if (this.#syncs) await sync(temporary)
      if (!(await this.#linkIfAbsent(temporary, path))) throw exists(path)
    } finally {
      await rm(temporary, { force: true })
    }
    await unlink(from)
  }

  async #linkIfAbsent(from: string, to: string): Promise<boolean> {
    try {
      await link(from, to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
    if (this.#syncs) await sync(dirname(to))
    return true
  }

  /** Makes the folder of a key, once. */
  async #prepare(key: string): Promise<string> {
    const path = this.#path(key)
    const folder = dirname(path)
    if (!this.#made.has(folder)) {
      const first = await mkdir(folder, { recursive: true })
      if (this.#syncs && first !== undefined) await syncUp(folder, dirname(first))
      this.#made.add(folder)
    }
    return path
  }

  #path(key: string): string {
    return join(this.name, key)
  }
}

/** Throws errors of the system as errors of this package, with the same code. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw systemError(error)
  }
}

// It begins as the object's name, so that the next attempt recognises that of a shard as abandoned.
const temporaryFor = (path: string) => `${path}.${randomUUID()}.partial`

const exists = (path: string) => Object.assign(new Error(`${path} exists already`), { code: 'EEXIST', path })

function absent<T>(error: NodeJS.ErrnoException, value: T): T {
  if (error.code === 'ENOENT') return value
  throw error
}

/** Syncs the bytes of a file, or the names in a folder. */
async function sync(path: string): Promise<void> {
  if (!syncing.names && (await stat(path)).isDirectory()) return
  const file = await open(path, syncing.flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Syncs the names of new folders, from the innermost one to the one that existed. */
async function syncUp(folder: string, existing: string): Promise<void> {
  await sync(folder)
  if (folder !== existing && dirname(folder) !== folder) await syncUp(dirname(folder), existing)
}
