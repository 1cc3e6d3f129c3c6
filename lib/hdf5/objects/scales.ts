/** Dimension scales and labels. They are stored as HDF5's H5DS library does, in attributes of datasets and scales. */
import { checkInteger, H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { call, type Operation } from '../../native/operation.js'
import { upToNul } from '../values/decode.js'
import { Reference } from '../values/reference.js'
import type { Text, TypeSpec } from '../values/types.js'
import type { Attributes } from './attributes.js'
import type { OpenObject } from './open-object.js'

interface OpenDataset extends OpenObject {
  readonly attributes: Attributes
}

const scaleClass = 'DIMENSION_SCALE'
const references = { class: 'vlen', base: 'reference' } as const satisfies TypeSpec
const labels = {
  class: 'string',
  size: 'variable',
  charset: 'ascii',
  padding: 'null-terminated',
} as const satisfies TypeSpec
// The memory layout of H5DS: a struct of a reference and an int.
const backReferences = {
  class: 'compound',
  size: 16,
  members: [
    { name: 'dataset', type: 'reference', offset: 0 },
    { name: 'dimension', type: 'int32', offset: 8 },
  ],
} as const satisfies TypeSpec

const fixed = (text: string): TypeSpec => ({
  class: 'string',
  size: Buffer.byteLength(text) + 1,
  charset: 'ascii',
  padding: 'null-terminated',
})

function* attribute(dataset: OpenDataset, name: string): Operation<unknown> {
  if (!(yield* call('attributes.exists', dataset.handle, name))) return undefined
  return (yield* dataset.attributes.reading(name)).data
}

function* rankOf(dataset: OpenDataset): Operation<number> {
  const shape = yield* call('dataset.shape', dataset.handle)
  return shape?.length ?? 0
}

function* checkAxis(dataset: OpenDataset, axis: number): Operation<number> {
  const rank = yield* rankOf(dataset)
  checkInteger('axis', axis, 0, rank - 1)
  return rank
}

export function* isScale(dataset: OpenDataset): Operation<boolean> {
  const found = (yield* attribute(dataset, 'CLASS')) as Text[] | undefined
  return found?.[0] !== undefined && upToNul(found[0]) === scaleClass
}

export function* scaleName(dataset: OpenDataset): Operation<string | null> {
  const found = (yield* attribute(dataset, 'NAME')) as Text[] | undefined
  const name = found?.[0] === undefined ? null : upToNul(found[0])
  return typeof name === 'string' ? name : null
}

export function* makeScale(dataset: OpenDataset, name: string | undefined): Operation<void> {
  if (yield* call('attributes.exists', dataset.handle, 'DIMENSION_LIST')) {
    throw new H5TracksError(`${show(dataset.path)} has dimension scales, so it cannot become one; detach them first`, {
      code: 'ERR_FORMAT',
    })
  }
  yield* dataset.attributes.setting('CLASS', scaleClass, { type: fixed(scaleClass), shape: [] })
  if (name !== undefined) yield* dataset.attributes.setting('NAME', name, { type: fixed(name), shape: [] })
}

function* referenceOf(dataset: OpenDataset): Operation<Reference> {
  return new Reference('object', new Uint8Array(yield* call('reference.object', dataset.handle)))
}

/** The references to the scales of each axis. */
function* scaleLists(dataset: OpenDataset, rank: number): Operation<Reference[][]> {
  const found = (yield* attribute(dataset, 'DIMENSION_LIST')) as Reference[][] | undefined
  return Array.from({ length: rank }, (_, axis) => [...(found?.[axis] ?? [])].filter((one) => one !== null))
}

function* writeScaleLists(dataset: OpenDataset, lists: Reference[][]): Operation<void> {
  if (lists.every((list) => list.length === 0)) {
    yield* call('attributes.delete', dataset.handle, 'DIMENSION_LIST')
  } else {
    yield* dataset.attributes.setting('DIMENSION_LIST', lists, { type: references, shape: [lists.length] })
  }
}

type Back = { dataset: (Reference | null)[]; dimension: Int32Array }

function* changeBack(
  scale: OpenDataset,
  change: (rows: [Reference, number][]) => [Reference, number][],
): Operation<void> {
  const found = (yield* attribute(scale, 'REFERENCE_LIST')) as Back | undefined
  const rows = (found?.dataset ?? []).flatMap((reference, i): [Reference, number][] =>
    reference ? [[reference, found!.dimension[i]!]] : [],
  )
  const changed = change(rows)
  if (changed.length === 0) {
    if (found) yield* call('attributes.delete', scale.handle, 'REFERENCE_LIST')
    return
  }
  const columns = {
    dataset: changed.map(([reference]) => reference),
    dimension: Int32Array.from(changed, ([, axis]) => axis),
  }
  yield* scale.attributes.setting('REFERENCE_LIST', columns, { type: backReferences, shape: [changed.length] })
}

export function* attachScale(dataset: OpenDataset, axis: number, scale: OpenDataset): Operation<void> {
  if (scale.file !== dataset.file) throw invalidArgument('scale', scale.path, 'a dataset of the same file')
  const rank = yield* checkAxis(dataset, axis)
  if (yield* isScale(dataset)) {
    throw new H5TracksError(`${show(dataset.path)} is a dimension scale, so no scale can be attached to it`, {
      code: 'ERR_FORMAT',
    })
  }
  if (!(yield* isScale(scale))) yield* makeScale(scale, undefined)
  const reference = yield* referenceOf(scale)
  const lists = yield* scaleLists(dataset, rank)
  if (lists[axis]!.some((one) => one.equals(reference))) return
  lists[axis]!.push(reference)
  yield* writeScaleLists(dataset, lists)
  const back = yield* referenceOf(dataset)
  yield* changeBack(scale, (rows) => [...rows, [back, axis]])
}

/** A dataset without scales, and for each of its axes a scale and its label. */
export interface NewAxes {
  dataset: OpenDataset
  axes: readonly { scale: OpenDataset; label: string }[]
}

/** Does what {@link attachScale} and {@link setLabel} do for all axes of new datasets, but writes each attribute once. */
export function* attachNewScales(all: readonly NewAxes[]): Operation<void> {
  const backs = new Map<OpenDataset, [Reference, number][]>()
  const known = new Map<OpenDataset, Reference>()
  for (const { dataset, axes } of all) {
    const own = yield* referenceOf(dataset)
    const lists: Reference[][] = []
    for (const [axis, { scale }] of axes.entries()) {
      const reference = known.get(scale) ?? (yield* referenceOf(scale))
      known.set(scale, reference)
      lists.push([reference])
      backs.set(scale, [...(backs.get(scale) ?? []), [own, axis]])
    }
    yield* writeScaleLists(dataset, lists)
    const names = axes.map(({ label }) => label)
    yield* dataset.attributes.setting('DIMENSION_LABELS', names, { type: labels, shape: [names.length] })
  }
  for (const [scale, rows] of backs) yield* changeBack(scale, (before) => [...before, ...rows])
}

export function* detachScale(dataset: OpenDataset, axis: number, scale: OpenDataset): Operation<void> {
  const rank = yield* checkAxis(dataset, axis)
  const reference = yield* referenceOf(scale)
  const lists = yield* scaleLists(dataset, rank)
  const kept = lists[axis]!.filter((one) => !one.equals(reference))
  if (kept.length === lists[axis]!.length) {
    throw new H5TracksError(`${show(scale.path)} is not a scale of axis ${axis} of ${show(dataset.path)}`, {
      code: 'ERR_NOT_FOUND',
    })
  }
  lists[axis] = kept
  yield* writeScaleLists(dataset, lists)
  const back = yield* referenceOf(dataset)
  yield* changeBack(scale, (rows) => rows.filter(([to, of]) => of !== axis || !to.equals(back)))
}

export function* scalesOf(dataset: OpenDataset, axis: number): Operation<Reference[]> {
  const lists = yield* scaleLists(dataset, yield* checkAxis(dataset, axis))
  return lists[axis]!
}

export function* labelOf(dataset: OpenDataset, axis: number): Operation<string | null> {
  yield* checkAxis(dataset, axis)
  const found = (yield* attribute(dataset, 'DIMENSION_LABELS')) as Text[] | undefined
  const label = found?.[axis]
  return typeof label === 'string' && label !== '' ? label : null
}

export function* setLabel(dataset: OpenDataset, axis: number, text: string | null): Operation<void> {
  const rank = yield* checkAxis(dataset, axis)
  const found = (yield* attribute(dataset, 'DIMENSION_LABELS')) as Text[] | undefined
  const all: Text[] = Array.from({ length: rank }, (_, i) => found?.[i] ?? '')
  all[axis] = text ?? ''
  yield* dataset.attributes.setting('DIMENSION_LABELS', all, { type: labels, shape: [rank] })
}
