import {
  type Data,
  Dataset,
  File,
  type FileOptions,
  Group,
  H5TracksError,
  type LinkInfo,
  type NamedType,
  type Type,
  type Values,
} from 'h5tracks/hdf5'
import { canonical, lengthOf, sha256 } from './canonical.js'
import { byCodePoint, describe } from './describe-type.js'
import type { Line } from './interop.js'

/** Walks a file with our library. */
export async function ourLines(path: string, options: FileOptions = {}): Promise<Line[]> {
  using file = new File(path, 'r', options)
  const lines: Line[] = []
  for await (const line of new Walk(file).lines()) lines.push(line)
  return lines
}

type Read = (options: { raw?: true }) => Promise<Values>
type ReadSync = (options: { raw?: true }) => Values
type Found = Group | Dataset | NamedType

const below = (path: string, name: string) => `${path === '/' ? '' : path}/${name}`

/** A walk in the words of test/python/walk.py: cheap questions by the synchronous calls, values by both kinds of call. */
class Walk {
  readonly #file: File
  readonly #seen = new Map<string, string>()

  constructor(file: File) {
    this.#file = file
    this.#number(file, '/')
  }

  async *lines(object: Found = this.#file, path = '/'): AsyncGenerator<Line> {
    if (object instanceof Dataset) yield await this.#dataset(object, path)
    else if (object instanceof Group) yield { path, kind: 'group', links: this.#links(object) }
    else yield { path, kind: 'datatype', type: describe(object.type) }
    yield* this.#attributes(object, path)
    if (!(object instanceof Group)) return
    for (const { name, type } of sorted(object.linksSync())) {
      if (type !== 'hard') continue
      const child = object.getSync(name)
      if (this.#seen.get(child.infoSync().token) === below(path, name)) yield* this.lines(child, below(path, name))
      child.close()
    }
  }

  #number(object: Found, path: string): void {
    const { token } = object.infoSync()
    if (this.#seen.has(token)) return
    this.#seen.set(token, path)
    if (!(object instanceof Group)) return
    for (const { name, type } of sorted(object.linksSync())) {
      if (type !== 'hard') continue
      const child = object.getSync(name)
      this.#number(child, below(path, name))
      child.close()
    }
  }

  #pathOf(object: Found): string {
    return this.#seen.get(object.infoSync().token) ?? '?'
  }

  #links(group: Group) {
    const described = (link: LinkInfo): string[] => {
      if (link.type === 'soft') return ['soft', link.path]
      if (link.type === 'external') return ['external', link.file, link.path]
      if (link.type !== 'hard') return ['user-defined']
      using target = group.getSync(link.name)
      return ['hard', this.#pathOf(target)]
    }
    return Object.fromEntries(group.linksSync().map((link) => [link.name, described(link)]))
  }

  async #dataset(dataset: Dataset, path: string): Promise<Line> {
    const { type, shape, maxShape, layout, chunks, filters, external } = dataset.detailsSync()
    const read: Read = (options) => dataset.read(null, options)
    const readSync: ReadSync = (options) => dataset.readSync(null, options)
    return {
      path,
      kind: 'dataset',
      type: describe(type),
      shape,
      maxShape,
      layout,
      chunks,
      filters: filters.map(({ id, options }) => [id, options.slice(0, id === 6 ? 2 : 16)]),
      external: external.map(({ file }) => file),
      value: await this.#value(type, shape, read, readSync),
    }
  }

  async *#attributes(object: Found, path: string): AsyncGenerator<Line> {
    const { attributes } = object
    for (const name of attributes.keysSync().sort((a, b) => byCodePoint([a, 0], [b, 0]))) {
      const { type, shape } = attributes.infoSync(name)
      const read: Read = (options) => attributes.read(name, options)
      const readSync: ReadSync = (options) => attributes.readSync(name, options)
      yield {
        path,
        attribute: name,
        type: describe(type),
        shape,
        value: await this.#value(type, shape, read, readSync),
      }
    }
  }

  /** Number and hashes of the values, which the synchronous and the asynchronous read must give alike. */
  async #value(type: Type, shape: number[] | null, read: Read, readSync: ReadSync) {
    if (shape === null) return null
    const count = shape.reduce((product, n) => product * n, 1)
    try {
      const raw = hasHeap(type) ? {} : { raw: sha256((await read({ raw: true })).data as Uint8Array) }
      if (!isTellable(type)) return { count, ...raw, unreadable: 'by h5py' }
      const { data } = await read({})
      const hash = sha256(this.#bytes(data, type))
      if (sha256(this.#bytes(readSync({}).data, type)) !== hash) throw new Error('read and readSync differ')
      if (lengthOf(data, type) !== count) throw new Error(`${lengthOf(data, type)} of ${count} values`)
      return { count, ...raw, sha256: hash }
    } catch (error) {
      if (error instanceof H5TracksError) return { count, unreadable: error.message }
      throw error
    }
  }

  #bytes(data: Data, type: Type): Buffer {
    return canonical(data, type, (reference) => {
      const target = this.#file.getSync(reference)
      const path = this.#pathOf(target)
      if (reference.to !== 'region') return path
      const values = (target as Dataset).readSync(reference)
      const bytes = this.#bytes(values.data, values.type)
      const count = values.shape.reduce((product, n) => product * n, 1)
      return `${path} ${count} ${sha256(bytes)}`
    })
  }
}

/** Whether h5py returns values of the type as stored. */
function isTellable(type: Type): boolean {
  if (type.class === 'float') return type.size <= 8
  if (type.class === 'compound') return type.members.every((member) => isTellable(member.type))
  if (type.class === 'array' || type.class === 'vlen') return isTellable(type.base)
  return type.class !== 'bitfield' && type.class !== 'time'
}

/** Whether an element only holds the address of its values in a heap. */
function hasHeap(type: Type): boolean {
  if (type.class === 'compound') return type.members.some((member) => hasHeap(member.type))
  if (type.class === 'array') return hasHeap(type.base)
  return type.class === 'vlen' || (type.class === 'string' && type.size === 'variable')
}

const sorted = (links: LinkInfo[]) => links.sort((a, b) => byCodePoint([a.name, 0], [b.name, 0]))
