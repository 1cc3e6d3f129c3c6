/** The poses of one animal: a PoseEstimation. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { type FrameArray, frameArray, neededFrameArray } from '../dense/hdf5.js'
import type { ForeignFile } from '../poses/input.js'
import { children, type Found, typeOf } from './find.js'
import { type SeriesTimes, seriesTimes } from './times.js'

/** A node of an animal. */
export interface Series {
  readonly path: string
  readonly node: string
  readonly data: FrameArray
  readonly confidence: FrameArray | undefined
  readonly times: SeriesTimes
}

export interface Animal {
  readonly path: string
  readonly name: string
  readonly series: readonly Series[]
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
  readonly dimensions: 2 | 3
  /** What the container and its series say: videos, scorer, software, reference frame. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Paths of linked devices. */
  readonly devices: readonly string[]
}

const remedy = 'write the file again with ndx-pose'

export async function openAnimal(input: ForeignFile, path: string, { skeletons }: Found): Promise<Animal | undefined> {
  const names: string[] = []
  const linked: string[] = []
  const devices: string[] = []
  for (const name of await children(input, path)) {
    const inner = `${path}/${name}`
    if (!(await input.has(inner, 'group'))) continue
    const type = await typeOf(input, inner)
    if (type === 'Skeleton') linked.push(inner)
    else if (type === 'Device') devices.push(name)
    else if (type === 'PoseEstimationSeries' || (await input.has(`${inner}/data`, 'dataset'))) names.push(name)
  }
  if (names.length === 0) return undefined
  const skeleton = await skeletonOf(input, path, names, [...linked, ...skeletons])
  const series: Series[] = []
  for (const node of skeleton.nodes) series.push(await openSeries(input, `${path}/${node.series}`, node.name))
  const [first] = series as [Series]
  const dimensions = first.data.shape[1] as 2 | 3
  for (const one of series) {
    if (one.data.shape[1] !== dimensions) {
      throw input.problem(
        `${one.path}/data`,
        `has ${one.data.shape[1]} coordinates, ${first.path} has ${dimensions}`,
        remedy,
      )
    }
  }
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    series,
    nodes: skeleton.nodes.map(({ name }) => name),
    edges: skeleton.edges,
    dimensions,
    facts: await factsOf(input, path, first),
    devices,
  }
}

interface Skeleton {
  readonly nodes: readonly { readonly name: string; readonly series: string }[]
  readonly edges: readonly (readonly [number, number])[]
}

/** The order of nodes is that of the skeleton, which the container holds itself in ndx-pose 0.1. */
async function skeletonOf(
  input: ForeignFile,
  path: string,
  series: readonly string[],
  known: readonly string[],
): Promise<Skeleton> {
  for (const place of [path, ...known]) {
    const names = await input.texts(`${place}/nodes`)
    if (new Set(names).size !== names.length) continue
    const found = names.flatMap((name) => {
      const own = series.find(
        (one) => one === name || one === `PoseEstimationSeries_${name}` || one === `PoseEstimationSeries${name}`,
      )
      return own === undefined ? [] : [{ name, series: own }]
    })
    if (found.length !== series.length) continue
    return {
      nodes: found,
      edges: await edgesOf(
        input,
        place,
        found.map(({ name }) => names.indexOf(name)),
      ),
    }
  }
  return { nodes: series.map((name) => ({ name, series: name })), edges: [] }
}

/** Pairs of nodes. `places`: the index in the skeleton of each node that the animal has. */
async function edgesOf(input: ForeignFile, place: string, places: readonly number[]): Promise<[number, number][]> {
  const edges = await input.find(`${place}/edges`)
  const shape = edges && (await input.guarded(edges.path, () => edges.shape()))
  if (!edges || shape?.length !== 2 || shape[1] !== 2 || (shape[0] as number) > 10_000) return []
  const { data } = await input.read(edges)
  const flat = Array.from(data as ArrayLike<number>, (node) => places.indexOf(Number(node)))
  const pairs = Array.from({ length: flat.length / 2 }, (_, i): [number, number] => [
    flat[2 * i] as number,
    flat[2 * i + 1] as number,
  ])
  return pairs.filter(([a, b]) => a >= 0 && b >= 0)
}

async function openSeries(input: ForeignFile, path: string, node: string): Promise<Series> {
  const data = await neededFrameArray(input, `${path}/data`, [null, null], remedy)
  const [count, dimensions] = data.shape as [number, number]
  if (dimensions !== 2 && dimensions !== 3)
    throw input.problem(`${path}/data`, `has ${dimensions} coordinates, expected 2 or 3`, remedy)
  return {
    path,
    node,
    data,
    confidence: await frameArray(input, `${path}/confidence`, [count]),
    times: await seriesTimes(input, path, count),
  }
}

async function factsOf(input: ForeignFile, path: string, first: Series): Promise<Record<string, unknown>> {
  const facts: Record<string, unknown> = {}
  for (const name of ['scorer', 'source_software', 'description']) facts[name] = await input.text(`${path}/${name}`)
  for (const name of ['original_videos', 'labeled_videos']) facts[name] = await input.texts(`${path}/${name}`)
  if (facts.source_software !== undefined) {
    facts.source_software_version = await input.textAttribute(`${path}/source_software`, 'version')
  }
  facts.reference_frame = await input.text(`${first.path}/reference_frame`)
  facts.confidence_definition =
    first.confidence && (await input.textAttribute(`${first.path}/confidence`, 'definition'))
  const unit = await input.textAttribute(`${first.path}/data`, 'unit')
  if (unit !== 'pixels') facts.position_unit = unit
  for (const name of ['conversion', 'offset']) {
    const value = await input.attribute(`${first.path}/data`, name)
    if (typeof value === 'number' && value !== (name === 'conversion' ? 1 : 0)) facts[`position_${name}`] = value
  }
  const dimensions = await input.find(`${path}/dimensions`)
  if (dimensions) facts.dimensions = await smallNumbers(input, dimensions)
  return facts
}

async function smallNumbers(input: ForeignFile, dataset: Dataset): Promise<number[] | undefined> {
  const shape = await input.guarded(dataset.path, () => dataset.shape())
  if (!shape || dataset.type.class !== 'integer' || shape.reduce((all, n) => all * n, 1) > 1000) return undefined
  return Array.from((await input.read(dataset)).data as ArrayLike<number>, Number)
}
