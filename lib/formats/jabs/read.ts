/** Reads pose files of JABS. */
import type { FieldSpecs } from '../../layout/spec.js'
import type { ReadOptions, Recording, Source } from '../core/format.js'
import { type FrameArray, frameArray, neededFrameArray } from '../dense/hdf5.js'
import { type Dense, type DenseField, denseRecording } from '../dense/recording.js'
import { type ForeignFile, openSource } from '../poses/input.js'
import { posesOf } from '../poses/layout.js'
import { factsOf } from './facts.js'
import { identitiesOf } from './identities.js'
import { mouseEdges, mouseNodes } from './skeleton.js'

const remedy = 'write the file again with the program that made it'

export function readJabs(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => [await recordingIn(input, options)])
}

/** The datasets of a file. Version 2 has one animal and no axis for it. */
interface Datasets {
  readonly points: FrameArray
  readonly confidence: FrameArray
  readonly count: FrameArray | undefined
  readonly tracks: FrameArray | undefined
  readonly embedded: FrameArray | undefined
  readonly mask: FrameArray | undefined
  readonly embeddings: FrameArray | undefined
  readonly boxes: FrameArray | undefined
}

async function recordingIn(input: ForeignFile, options: ReadOptions): Promise<Recording> {
  const { report } = options
  const first = await input.dataset('poseest/points', 'give a pose file of JABS')
  const axes = (await input.guarded('poseest/points', () => first.shape()))?.length
  const points = await neededFrameArray(
    input,
    'poseest/points',
    axes === 3 ? [null, null, 2] : [null, null, null, 2],
    remedy,
  )
  const [frames, animals, nodes] = (axes === 3 ? [points.shape[0], 1, points.shape[1]] : points.shape) as [
    number,
    number,
    number,
  ]
  const perAnimal = axes === 3 ? [frames] : [frames, animals]
  const optional = (name: string, shape: readonly (number | null)[]) => frameArray(input, `poseest/${name}`, shape)
  const datasets: Datasets = {
    points,
    confidence: await neededFrameArray(input, 'poseest/confidence', [...perAnimal, nodes], remedy),
    count: await optional('instance_count', [frames]),
    tracks: await optional('instance_track_id', perAnimal),
    embedded: await optional('instance_embed_id', perAnimal),
    mask: await optional('id_mask', perAnimal),
    embeddings: await optional('identity_embeds', [...perAnimal, null]),
    boxes: await boxesIn(input, perAnimal),
  }
  if (nodes === 0) throw input.problem('poseest/points', 'has no keypoints', remedy)
  if (datasets.embedded && !datasets.mask) throw input.problem('poseest/id_mask', 'there is no such dataset', remedy)
  const version = await versionOf(input, axes === 3)
  const names = await namesIn(input)
  const isMouse = nodes === mouseNodes.length
  if (!isMouse) report.guessed('names of nodes', `node_0 to node_${nodes - 1}`)
  const dense = await denseOf(datasets, { frames, animals, nodes }, options)
  return denseRecording(
    dense,
    (slots) =>
      posesOf({
        group: 'poses',
        nodes: isMouse ? mouseNodes : Array.from({ length: nodes }, (_, i) => `node_${i}`),
        edges: isMouse ? mouseEdges : [],
        dimensions: 2,
        slots,
        precision: points.isNarrow ? 'float32' : 'float64',
        names,
        fields: fieldsOf(datasets),
      }),
    await factsOf(input, version, options),
    options,
  )
}

async function boxesIn(input: ForeignFile, perAnimal: readonly number[]): Promise<FrameArray | undefined> {
  const boxes = await frameArray(input, 'poseest/bbox', [...perAnimal, 2, 2])
  // The dataset exists also where no boxes were made.
  return boxes && (await input.attribute('poseest/bbox', 'bboxes_generated')) ? boxes : undefined
}

async function versionOf(input: ForeignFile, isSecond: boolean): Promise<string> {
  const value = (await input.attribute('poseest', 'version')) as
    | { data?: ArrayLike<number> }
    | ArrayLike<number>
    | undefined
  if (value === undefined) return isSecond ? '2' : '3'
  const list = (typeof value === 'object' && 'data' in value ? value.data : value) as ArrayLike<number>
  return Array.from(list).join('.')
}

/** The names by which a lab knows the animals. */
async function namesIn(input: ForeignFile): Promise<string[]> {
  const path = 'poseest/external_identity_mapping'
  const dataset = await input.find(path)
  if (!dataset) return []
  if (dataset.type.class === 'string') return input.texts(path)
  const numbers = await frameArray(input, path, [null])
  return numbers ? Array.from(await numbers.rows(0, numbers.shape[0] as number), String) : []
}

const fieldsOf = ({ tracks, embedded, embeddings, boxes }: Datasets): FieldSpecs => ({
  ...(tracks &&
    embedded && { trackId: { type: 'int64', fill: -1, optional: true, description: "JABS' instance_track_id" } }),
  ...(embeddings?.shape.at(-1) && {
    identityEmbedding: { type: 'float32', shape: embeddings.shape.slice(-1), optional: true },
  }),
  ...(boxes && {
    box: {
      type: 'float32',
      shape: [4],
      axes: ['side'],
      unit: 'px',
      optional: true,
      description: 'left, top, width, height',
    },
  }),
})

interface Size {
  readonly frames: number
  readonly animals: number
  readonly nodes: number
}

async function denseOf(datasets: Datasets, { frames, animals, nodes }: Size, { report }: ReadOptions): Promise<Dense> {
  const { points, confidence, count, tracks, embedded, mask, embeddings, boxes } = datasets
  const first = embedded ? await largest(embedded, mask as FrameArray, frames) : 0
  const fields: DenseField[] = [
    {
      name: 'keypoints',
      chunk: Math.max(points.chunk, confidence.chunk),
      read: async (start, stop) => keypointsOf(await points.rows(start, stop), await confidence.rows(start, stop)),
    },
    { name: 'confidence', read: (start, stop) => confidence.rows(start, stop) },
  ]
  if (tracks && embedded) fields.push({ name: 'trackId', read: (start, stop) => tracks.rows(start, stop) })
  if (embeddings?.shape.at(-1))
    fields.push({ name: 'identityEmbedding', read: (start, stop) => embeddings.rows(start, stop) })
  if (boxes) fields.push({ name: 'box', read: async (start, stop) => boxesOf(await boxes.rows(start, stop)) })
  return {
    frames,
    animals,
    fields,
    async identities(start, stop) {
      const scores = await confidence.rows(start, stop)
      const isSeen = (cell: number) => {
        for (let i = cell * nodes; i < (cell + 1) * nodes; i++) if ((scores[i] as number) > 0) return true
        return false
      }
      const [present, own, masked, tracked] = [
        await count?.rows(start, stop),
        await embedded?.rows(start, stop),
        await mask?.rows(start, stop),
        await tracks?.rows(start, stop),
      ]
      return identitiesOf(
        { count: stop - start, perFrame: animals, present, embedded: own, mask: masked, tracks: tracked, isSeen },
        first,
        report,
      )
    },
  }
}

/** The number of identities, which is the largest of those that are valid. */
async function largest(embedded: FrameArray, mask: FrameArray, frames: number): Promise<number> {
  let most = 0
  for (let start = 0; start < frames; start += 100_000) {
    const stop = Math.min(frames, start + 100_000)
    const [ids, masked] = [await embedded.rows(start, stop), await mask.rows(start, stop)]
    for (let i = 0; i < ids.length; i++) if (masked[i] === 0) most = Math.max(most, ids[i] as number)
  }
  return most
}

/** Points are y, x in the file. One that was not found is 0, 0 with a confidence of 0. */
function keypointsOf(yx: ArrayLike<number>, confidence: ArrayLike<number>): Float64Array {
  const xy = new Float64Array(yx.length)
  for (let i = 0; i < confidence.length; i++) {
    const [y, x] = [yx[2 * i] as number, yx[2 * i + 1] as number]
    const isMissing = x === 0 && y === 0 && !((confidence[i] as number) > 0)
    xy[2 * i] = isMissing ? Number.NaN : x
    xy[2 * i + 1] = isMissing ? Number.NaN : y
  }
  return xy
}

/** From upper left and lower right corner to left, top, width and height. */
function boxesOf(corners: ArrayLike<number>): Float32Array {
  const boxes = new Float32Array(corners.length)
  for (let i = 0; i < boxes.length; i += 4) {
    const [x0, y0, x1, y1] = [corners[i], corners[i + 1], corners[i + 2], corners[i + 3]] as [
      number,
      number,
      number,
      number,
    ]
    boxes.set([x0, y0, x1 - x0, y1 - y0], i)
  }
  return boxes
}
