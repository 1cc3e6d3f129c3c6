import {
  type Columns,
  type Data,
  Dataset,
  type DatasetInfo,
  type DatasetSpec,
  type File,
  Group,
  type NamedType,
  type Reference,
  type Type,
  type Values,
  type WritableData,
} from 'h5tracks/hdf5'

// The library reads LZF but does not write it.
const LZF = 32000

type Found = Group | Dataset | NamedType

/** Recreates the objects of a file in a new one, using only our public API. Region references, virtual datasets and objects in
 * other files are left out. */
export async function copyByParts(from: File, to: File): Promise<void> {
  const copy = new Copy(from, to)
  await copy.objects(from, '/')
  await copy.values()
}

class Copy {
  readonly #paths = new Map<string, string>()
  readonly #later: (() => Promise<void>)[] = []

  constructor(
    readonly from: File,
    readonly to: File,
  ) {}

  /** Creates the objects first, so that references find their targets. */
  async objects(object: Found, path: string): Promise<void> {
    this.#paths.set((await object.info()).token, path)
    if (object instanceof Dataset) return this.#dataset(object, path)
    this.#later.push(() => this.#attributes(path))
    if (!(object instanceof Group)) return void (await this.to.createType(path, object.type))
    if (path !== '/') await this.to.createGroup(path)
    for (const link of await object.links()) {
      const child = `${path === '/' ? '' : path}/${link.name}`
      if (link.type === 'user-defined') continue
      if (link.type !== 'hard') {
        const target = link.type === 'soft' ? { path: link.path } : { file: link.file, path: link.path }
        await this.to.createLink(child, target)
        continue
      }
      const found = await object.get(link.name)
      const known = this.#paths.get((await found.info()).token)
      if (known === undefined) await this.objects(found, child)
      else this.#later.unshift(async () => this.to.createLink(child, await this.to.get(known)))
    }
  }

  async values(): Promise<void> {
    for (const step of this.#later) await step()
  }

  async #dataset(dataset: Dataset, path: string): Promise<void> {
    const info = await dataset.details()
    if (info.layout === 'virtual' || info.filters.some(({ id }) => id === LZF)) return
    await this.to.createDataset(path, specOf(info))
    this.#later.push(() => this.#attributes(path))
    if (info.shape === null || hasReference(info.type, 'region')) return
    this.#later.push(async () => {
      const copy = (await this.to.get(path)) as Dataset
      await copy.write(await this.#translated(await dataset.read()))
      copy.close()
    })
  }

  async #attributes(path: string): Promise<void> {
    const [old, copy] = [await this.from.get(path), await this.to.get(path)]
    for (const name of await old.attributes.keys()) {
      const { type, shape } = await old.attributes.info(name)
      if (hasReference(type, 'region')) continue
      const data = shape === null ? null : await this.#translated(await old.attributes.read(name))
      await copy.attributes.set(name, data, { type, shape })
    }
  }

  async #translated({ data, type }: Values): Promise<WritableData> {
    return hasReference(type, 'object') ? this.#translate(data, type) : data
  }

  async #translate(data: Data, type: Type): Promise<WritableData> {
    if (type.class === 'reference') {
      return Promise.all((data as (Reference | null)[]).map((reference) => reference && this.#refer(reference)))
    }
    if (type.class === 'array') return this.#translate(data, type.base)
    if (type.class === 'vlen') {
      return Promise.all((data as Data[]).map((element) => this.#translate(element, type.base)))
    }
    if (type.class !== 'compound') return data
    const columns = type.members.map(async (member): Promise<[string, WritableData]> => {
      return [member.name, await this.#translate((data as Columns)[member.name]!, member.type)]
    })
    return Object.fromEntries(await Promise.all(columns))
  }

  async #refer(reference: Reference): Promise<Reference> {
    const { token } = await (await this.from.get(reference)).info()
    return (await this.to.get(this.#paths.get(token)!)).reference()
  }
}

/** Turns the result of `details` into the argument of `createDataset`; virtual datasets are left out above. */
function specOf(info: DatasetInfo): DatasetSpec<Type> {
  const { type, shape, maxShape, layout, chunks, filters, fill, fillTold, fillTime, allocation } = info
  const spec: DatasetSpec<Type> = { type, shape, fillTime, allocation }
  if (layout !== 'virtual') spec.layout = layout
  if (maxShape) spec.maxShape = maxShape
  if (chunks) Object.assign(spec, { chunks, filters })
  if (fillTold && fill !== null) spec.fill = fill
  return spec
}

export function hasReference(type: Type, to: 'object' | 'region'): boolean {
  if (type.class === 'compound') return type.members.some((member) => hasReference(member.type, to))
  if (type.class === 'array' || type.class === 'vlen') return hasReference(type.base, to)
  return type.class === 'reference' && type.to === to
}
