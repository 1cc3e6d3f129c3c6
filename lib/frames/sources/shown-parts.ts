/** The parts of other files that the virtual datasets of a file show. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import type { Group } from '../../hdf5/objects/group.js'
import { unescaped } from './source-names.js'

const mostDepth = 200

/** What a virtual dataset expects of a dataset of a source. */
export interface ShownPart {
  /** The path of the dataset in the source. */
  path: string
  type: string
  /** null if it may be only a part of it that is shown. */
  shape: readonly number[] | null
}

/** The parts by the names of the sources. */
export function shownParts(
  group: File | Group,
  parts = new Map<string, ShownPart[]>(),
  depth = 0,
): Map<string, ShownPart[]> {
  // Links may form a cycle.
  if (depth > mostDepth) {
    const message = `${group.file.filename} has groups nested more than ${mostDepth} deep`
    throw new H5TracksError(message, { code: 'ERR_FORMAT', path: group.file.filename })
  }
  for (const name of group.keysSync()) {
    const kind = group.kindSync(name)
    if (kind === 'group') {
      using inner = group.groupSync(name)
      shownParts(inner, parts, depth + 1)
    } else if (kind === 'dataset') {
      using dataset = group.getSync(name) as Dataset
      addParts(dataset, parts)
    }
  }
  return parts
}

function addParts(dataset: Dataset, parts: Map<string, ShownPart[]>): void {
  const { layout, type, virtual } = dataset.detailsSync()
  if (layout !== 'virtual') return
  for (const { file, path, source } of virtual) {
    const part = {
      path: unescaped(path) ?? path,
      type: JSON.stringify(type),
      shape: lengths(source),
    }
    const known = parts.get(file)
    if (known) known.push(part)
    else parts.set(file, [part])
  }
}

/** The lengths of a part that begins at the first element and has no gaps, which is all of what `writeVirtual` shows; else null. */
function lengths(part: object | null): readonly number[] | null {
  const { start, step, count, block } = (part ?? {}) as Partial<Record<'start' | 'step' | 'count' | 'block', number[]>>
  if (!start || !step || !count || !block || start.some((n) => n !== 0)) return null
  const dense = count.every((n, axis) => n === 1 || step[axis] === block[axis])
  return dense ? count.map((n, axis) => n * (block[axis] as number)) : null
}

/** Says in what a source differs from what is shown of it; null if in nothing. */
export function differenceIn(file: File, parts: readonly ShownPart[]): string | null {
  for (const { path, type, shape } of parts) {
    const kind = file.kindSync(path)
    if (kind !== 'dataset') return `${path} is ${kind === null ? 'missing' : `a ${kind}`}; it was a dataset`
    using dataset = file.datasetSync(path)
    const now = dataset.detailsSync()
    if (JSON.stringify(now.type) !== type) return `${path} has the type ${JSON.stringify(now.type)}; it was ${type}`
    if (shape !== null && String(now.shape) !== String(shape)) {
      return `${path} has the shape ${show(now.shape)}; it was ${show(shape)}`
    }
  }
  return null
}
