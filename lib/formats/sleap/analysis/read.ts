/** Reads SLEAP's analysis files. */
import type { Batch, ReadOptions, Recording, Source } from '../../core/format.js'
import { type ForeignFile, openSource } from '../../poses/input.js'
import { fitsFloat32, type Precision, posesOf } from '../../poses/layout.js'
import { lengthOf, type Matrix, openBeside, openTracks } from './axes.js'
import { batchesOf, isPresent, type Matrices, readWindows, type Windows } from './frames.js'
import { analysisMetadata } from './metadata.js'
import { framesOfWindow, readWindow } from './windows.js'

/** Up to so many tracks each have a slot of their own; with more, the animals of a frame are counted first. */
const fewTracks = 16
/** How much is looked at to choose the type of numbers. */
const smallBytes = 16 * 2 ** 20
const sampleBytes = 2 ** 19

export function readAnalysis(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => [await openRecording(input, options)])
}

async function openRecording(input: ForeignFile, options: ReadOptions): Promise<Recording> {
  const { report, signal } = options
  const named = await input.texts('node_names')
  const tracks = await openTracks(input, named.length)
  const [frames, animals, nodes] = (['frame', 'track', 'node'] as const).map((axis) => lengthOf(tracks, axis)) as [
    number,
    number,
    number,
  ]
  if (nodes === 0) throw input.problem('tracks', 'has no nodes', 'export the file again from a project with a skeleton')
  const matrices: Matrices = {
    tracks,
    occupancy: await openBeside(input, 'track_occupancy', tracks),
    pointScores: await openBeside(input, 'point_scores', tracks),
    scores: await openBeside(input, 'instance_scores', tracks),
    trackingScores: await openBeside(input, 'tracking_scores', tracks),
  }
  const all = Object.values(matrices).filter((matrix): matrix is Matrix => matrix !== undefined)
  const window = await framesOfWindow(input, all)
  const facts = await analysisMetadata(input, named, nodes, animals, options)
  const precision = await precisionOf(input, [tracks], window)
  const { pointScores, scores: instanceScores, trackingScores } = matrices
  const scored = [pointScores, instanceScores, trackingScores].filter((matrix) => matrix !== undefined)
  const scores = await precisionOf(input, scored, window)
  const slots =
    animals <= fewTracks ? Math.max(1, animals) : await mostAnimals(input, matrices, frames, window, options)
  const layout = posesOf({
    ...{
      group: 'poses',
      nodes: facts.nodes,
      edges: facts.edges,
      dimensions: 2,
      slots,
      precision,
      scores,
      names: facts.names,
    },
    attributes: facts.attributes,
    fields: { trackingScore: { type: scores, optional: true, description: "SLEAP's tracking score" } },
  })
  let reported = false
  const batches = async function* (): AsyncGenerator<Batch> {
    const tally = { coordinates: 0, scores: 0 }
    for await (const { start, stop, windows } of windowsAhead(input, matrices, frames, window, signal)) {
      yield* batchesOf(windows, matrices, { slots, precision, scores }, start, stop - start, tally)
    }
    if (reported) return
    reported = true
    report.lost('digits of coordinates', tally.coordinates, 'a float32 does not hold them')
    report.lost('digits of scores', tally.scores, 'a float32 does not hold them')
  }
  return { layout, cameras: [], metadata: facts.metadata, frames, batches }
}

/** Reads windows of frames, the next two while the caller works on one. */
async function* windowsAhead(
  input: ForeignFile,
  matrices: Matrices,
  frames: number,
  window: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ start: number; stop: number; windows: Windows }> {
  const read = (start: number, old?: Windows) => {
    if (start >= frames) return undefined
    const windows = readWindows(input, matrices, start, Math.min(frames, start + window), old)
    windows.catch(() => {}) // Awaited below, unless the caller stops before.
    return windows
  }
  const ahead = [read(0), read(window)]
  let old: Windows | undefined
  for (let start = 0; start < frames; start += window) {
    signal?.throwIfAborted()
    const windows = (await ahead.shift()) as Windows
    ahead.push(read(start + 2 * window, old))
    yield { start, stop: Math.min(frames, start + window), windows }
    old = windows
  }
}

/** True if a float32 holds every value of the type of the dataset. */
function isNarrow({ dataset: { type } }: Matrix): boolean {
  if (type.class === 'float') return type.size <= 4
  return type.class !== 'integer' || type.size <= 2
}

/**
 * Numbers are float64 in the file, though most were computed as float32. All of a small file tell; of a large one its first frames, and those
 * of one node in the middle.
 */
async function precisionOf(input: ForeignFile, matrices: readonly Matrix[], window: number): Promise<Precision> {
  for (const matrix of matrices.filter((one) => !isNarrow(one))) {
    const frames = lengthOf(matrix, 'frame')
    const bytes = 8 * matrix.shape.reduce((all, n) => all * n, 1)
    const isSmall = bytes <= smallBytes
    const length = isSmall ? window : Math.max(1, Math.floor((sampleBytes / bytes) * frames))
    const middle = Math.floor(frames / 2 / window) * window
    const node = matrix.axes.includes('node') ? Math.floor(lengthOf(matrix, 'node') / 2) : undefined
    const samples = isSmall
      ? startsOf(frames, window).map((start) => ({ start }))
      : [{ start: 0 }, { start: middle, node }]
    for (const { start, node } of samples) {
      const { data } = await readWindow(input, matrix, start, Math.min(frames, start + length), { node })
      if (!fitsFloat32(data)) return 'float64'
    }
  }
  return 'float32'
}

const startsOf = (frames: number, window: number) =>
  Array.from({ length: Math.ceil(frames / window) }, (_, i) => i * window)

/** The largest number of animals in a frame. */
async function mostAnimals(
  input: ForeignFile,
  matrices: Matrices,
  frames: number,
  window: number,
  { signal, onProgress }: ReadOptions,
): Promise<number> {
  const [animals, nodes] = [lengthOf(matrices.tracks, 'track'), lengthOf(matrices.tracks, 'node')]
  const needed = { ...matrices, pointScores: undefined, scores: undefined, trackingScores: undefined }
  let most = 1
  for (let start = 0; start < frames; start += window) {
    signal?.throwIfAborted()
    const stop = Math.min(frames, start + window)
    const windows = await readWindows(input, needed, start, stop)
    for (let frame = 0; frame < stop - start; frame++) {
      let count = 0
      for (let track = 0; track < animals; track++) if (isPresent(windows, frame, track, nodes)) count++
      most = Math.max(most, count)
    }
    onProgress?.(stop, frames, 'frames')
  }
  return most
}
