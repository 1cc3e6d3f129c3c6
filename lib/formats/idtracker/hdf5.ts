/** Trajectories as HDF5, which idtracker.ai writes since version 6. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { ReadOptions, Source } from '../core/format.js'
import { type ForeignFile, openSource } from '../poses/input.js'
import { type Matrix, recordingOf } from './arrays.js'

/** Values that are larger are no facts about a recording. */
const most = 100_000
const deepest = 3

export function readHdf5(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => {
    const trajectories = await input.dataset('trajectories', 'give a trajectories file of idtracker.ai')
    const probabilities = await input.find('id_probabilities')
    const recording = await recordingOf(
      await matrixOf(input, trajectories),
      probabilities && (await matrixOf(input, probabilities)),
      await factsIn(input, '/', options),
      (place, what, remedy) => input.problem(place, what, remedy),
      options,
    )
    return [recording]
  })
}

async function matrixOf(input: ForeignFile, dataset: Dataset): Promise<Matrix> {
  const { shape, chunks } = await input.guarded(dataset.path, () => dataset.details())
  const { class: kind } = dataset.type
  if (!shape || (kind !== 'float' && kind !== 'integer'))
    throw input.problem(dataset.path.slice(1), 'is not an array of numbers')
  return {
    shape,
    ...(chunks && { chunk: chunks[0] as number }),
    rows: async (start, stop) => (await input.read(dataset, [{ start, stop }])).data as Float64Array,
  }
}

/** The attributes, small datasets and groups of a group, as plain values. */
async function factsIn(
  input: ForeignFile,
  path: string,
  options: ReadOptions,
  depth = 0,
): Promise<Record<string, unknown>> {
  const facts: Record<string, unknown> = Object.create(null)
  if (depth > deepest) {
    options.report.lost(`group ${path}`, 1, 'it lies too deep to be a fact about the trajectories')
    return facts
  }
  const group = path === '/' ? input.file : await input.guarded(path, () => input.file.group(path))
  for (const name of await input.guarded(path, () => group.attributes.keys())) {
    facts[name] = plain(await input.attribute(path, name))
  }
  for (const name of await input.guarded(path, () => group.keys())) {
    const inner = path === '/' ? name : `${path}/${name}`
    if (inner === 'trajectories' || inner === 'id_probabilities') continue
    if (await input.has(inner, 'group')) facts[name] = await factsIn(input, inner, options, depth + 1)
    else {
      const dataset = await input.find(inner)
      const shape = dataset && (await input.guarded(inner, () => dataset.shape()))
      const count = shape?.reduce((all, n) => all * n, 1) ?? 0
      if (!dataset || count > most)
        options.report.lost(`dataset ${inner}`, count || 1, 'it says nothing about the trajectories')
      else facts[name] = plain(await input.read(dataset))
    }
  }
  return facts
}

function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'data' in value && 'shape' in value) {
    const { data, shape } = value as { data: ArrayLike<unknown>; shape: readonly number[] }
    const flat = Array.from(data, plain)
    return shape.length === 0 ? flat[0] : nested(flat, shape)
  }
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (Array.isArray(value)) return value.map(plain)
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value
}

function nested(flat: unknown[], [, ...inner]: readonly number[]): unknown[] {
  if (inner.length === 0) return flat
  const width = inner.reduce((all, n) => all * n, 1)
  const count = width === 0 ? 0 : flat.length / width
  return Array.from({ length: count }, (_, i) => nested(flat.slice(i * width, (i + 1) * width), inner))
}
