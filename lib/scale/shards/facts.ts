/** What files must have in common to form one dataset: facts with a name each, so that an error names the first difference. */
import { createHash } from 'node:crypto'
import { H5TracksError, show } from '../../base/errors.js'
import { readAtOnce } from '../../frames/file/attribute.js'
import { cleanAttribute, lossesAttribute, runAttribute } from '../../frames/file/marks.js'
import { withoutOwn } from '../../frames/file/metadata.js'
import type { FrameFile } from '../../frames/file/open.js'
import type { OpenLayouts } from '../../frames/file/open-layouts.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { type StorageInfo, storageOf } from '../../hdf5/objects/dataset-info.js'
import type { File } from '../../hdf5/objects/file.js'
import type { Group } from '../../hdf5/objects/group.js'
import { usesCameras } from '../../layout/model.js'
import { runSync } from '../../native/operation.js'

/** The facts by name, each as it is shown in an error. */
export type Facts = Map<string, string>

/** The storage of the datasets of a layout, by their paths. */
export type StorageByPath = Map<string, StorageInfo>

/** Collects the facts of a file. `metadata`: also its attributes, which files of one dataset may be allowed to differ in. */
export function factsOf({ file, layouts }: OpenLayouts, metadata: boolean): { facts: Facts; storage: StorageByPath } {
  const facts: Facts = new Map([['the layouts', layouts.map(({ layout }) => layout.root).join(', ')]])
  const storage: StorageByPath = new Map()
  for (const opened of layouts) {
    addLayout(facts, opened)
    if (metadata) addMetadata(facts, opened)
    for (const { path, dataset } of opened.columns) {
      const info = runSync(storageOf(dataset))
      facts.set(`the chunk shape of ${path}`, info.chunks ? `(${info.chunks.join(', ')})` : 'none')
      storage.set(path, info)
    }
  }
  const columns = new Set(layouts.flatMap((opened) => opened.columns.map(({ path }) => path)))
  addOthers(facts, file, '', { columns, roots: new Set(layouts.map(({ layout }) => layout.root)), metadata })
  return { facts, storage }
}

/** True if encoded chunks may be copied between the datasets of two files. */
export function isSameStorage(one: StorageByPath, other: StorageByPath): boolean {
  return [...other].every(([path, info]) => codingOf(one.get(path)) === codingOf(info))
}

function codingOf(info: StorageInfo | undefined): string {
  // Any level of deflate is decoded the same.
  const pipeline = info?.filters.map(({ id, options }) => (id === 1 ? [id] : [id, ...options]))
  return text([info?.type, info?.chunks, pipeline])
}

function addLayout(facts: Facts, { layout, cameraNames, slots }: FrameFile): void {
  const { root, format } = layout
  facts.set(`the schema of ${root}`, `${format.schema} ${format.version}`)
  if (usesCameras(layout)) facts.set(`the cameras of ${root}`, cameraNames.join(', '))
  if (layout.key) facts.set(`the number of slots of ${root}`, String(slots))
  facts.set(`the fields of ${root}`, layout.fields.map(({ name }) => name).join(', '))
  for (const field of layout.fields) {
    const value = field.value.kind === 'enum' ? { ...field.value, members: [...field.value.members] } : field.value
    facts.set(`field ${show(field.name)} of ${root}`, JSON.stringify({ ...field, value }, plain))
  }
}

function addMetadata(facts: Facts, { layout, metadata }: FrameFile): void {
  const { given } = withoutOwn(layout, metadata)
  const version = metadata.schema_version
  if (version !== undefined) facts.set(`the schema version of ${layout.root}`, show(version))
  for (const [name, value] of Object.entries(given)) {
    if (name !== lossesAttribute) facts.set(`attribute ${show(name)} of ${layout.root}`, show(value))
  }
}

interface Known {
  columns: ReadonlySet<string>
  roots: ReadonlySet<string>
  metadata: boolean
}

/** Adds what a file holds beside its layouts: other groups, datasets and attributes. */
function addOthers(facts: Facts, group: File | Group, path: string, known: Known): void {
  if (known.metadata && !known.roots.has(path)) addAttributes(facts, group, path || '/')
  for (const name of group.keysSync()) {
    const child = `${path}/${name}`
    if (known.columns.has(child)) continue
    const kind = group.kindSync(name)
    if (kind === 'group') {
      using inner = group.groupSync(name)
      if (!known.roots.has(child)) facts.set(`group ${child}`, 'there')
      addOthers(facts, inner, child, known)
    } else if (kind === 'dataset') {
      using object = group.getSync(name) as Dataset
      facts.set(`dataset ${child}`, digestOf(object))
    } else facts.set(`object ${child}`, kind ?? 'a broken link')
  }
}

const marks = new Set([cleanAttribute, runAttribute, lossesAttribute])

function addAttributes(facts: Facts, { attributes }: File | Group, path: string): void {
  const all = readAtOnce(attributes)
  for (const name of all.names()) {
    if (!marks.has(name)) facts.set(`attribute ${show(name)} of ${path}`, show(all.value(name)))
  }
}

function digestOf(dataset: Dataset): string {
  const { type, shape } = dataset.detailsSync()
  const hash = createHash('sha256')
  if (shape?.every((n) => n > 0)) {
    const { data } = dataset.readSync()
    hash.update(ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : text(data))
  }
  return `${show(type)} of shape ${show(shape)} with the contents ${hash.digest('hex').slice(0, 12)}`
}

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)
const text = (value: unknown): string => JSON.stringify(value, plain)

/** Throws ERR_FORMAT for the first fact in which `path` differs from the first file. */
export function refuseDifference(first: { path: string; facts: Facts }, path: string, facts: Facts): void {
  for (const name of new Set([...first.facts.keys(), ...facts.keys()])) {
    const [wanted, found] = [first.facts.get(name), facts.get(name)]
    if (wanted === found) continue
    const advice = name.startsWith('attribute ') ? "; pass metadata: 'first' to keep only those of the first file" : ''
    throw new H5TracksError(
      `${path} does not continue ${first.path}: ${name}: ${wanted ?? 'none'} in the first file, ${found ?? 'none'} in this one${advice}`,
      { code: 'ERR_FORMAT', path },
    )
  }
}
