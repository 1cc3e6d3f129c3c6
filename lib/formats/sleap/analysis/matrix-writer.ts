/** The matrices of an analysis file, written in windows of frames: of each track only the windows that it occurs in. */
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import type { File } from '../../../hdf5/objects/file.js'
import { asciiJson } from '../text.js'

const windowBytes = 16 * 2 ** 20
const mostFrames = 20_000
const filters = ['shuffle', { deflate: 4 }] as const

export interface Size {
  readonly frames: number
  readonly tracks: number
  readonly nodes: number
}

/** The values of a track in a window. NaN where there is none. */
export class TrackWindow {
  readonly frames: number
  /** By dimension, node and frame. */
  readonly xy: Float64Array
  /** By node and frame. */
  readonly pointScores: Float64Array
  readonly score: Float64Array
  readonly trackingScore: Float64Array
  readonly occupancy: Uint8Array

  constructor(nodes: number, frames: number) {
    this.frames = frames
    this.xy = new Float64Array(2 * nodes * frames).fill(Number.NaN)
    this.pointScores = new Float64Array(nodes * frames).fill(Number.NaN)
    this.score = new Float64Array(frames).fill(Number.NaN)
    this.trackingScore = new Float64Array(frames).fill(Number.NaN)
    this.occupancy = new Uint8Array(frames)
  }

  occupied(frame: number): void {
    this.occupancy[frame] = 1
  }
}

type Sets = Readonly<
  Record<'tracks' | 'point_scores' | 'instance_scores' | 'tracking_scores' | 'track_occupancy', Dataset<unknown>>
>

export class MatrixWriter {
  readonly #size: Size
  readonly #sets: Sets
  readonly #window: number
  /** The first frame of the window. */
  #start = 0
  readonly #tracks = new Map<number, TrackWindow>()

  private constructor(size: Size, sets: Sets, window: number) {
    this.#size = size
    this.#sets = sets
    this.#window = window
  }

  static async create(file: File, size: Size): Promise<MatrixWriter> {
    const { frames, tracks, nodes } = size
    const row = tracks * (nodes * 3 + 2) * 8 + tracks
    const window = Math.max(1, Math.min(mostFrames, frames, Math.floor(windowBytes / Math.max(1, row))))
    const isEmpty = frames === 0 || tracks === 0
    const numbers = async (
      name: string,
      shape: number[],
      chunks: number[],
      axes: string[],
      type: 'float64' | 'uint8',
    ) => {
      const dataset = await file.createDataset(name, {
        ...{ type, shape, fill: type === 'uint8' ? 0 : Number.NaN },
        ...(isEmpty ? {} : { chunks, filters }),
      })
      await dataset.attributes.set('dims', asciiJson(axes).replaceAll(',', ', '))
      return dataset
    }
    const sets: Sets = {
      tracks: await numbers(
        'tracks',
        [tracks, 2, nodes, frames],
        [1, 2, nodes, window],
        ['track', 'xy', 'node', 'frame'],
        'float64',
      ),
      point_scores: await numbers(
        'point_scores',
        [tracks, nodes, frames],
        [1, nodes, window],
        ['track', 'node', 'frame'],
        'float64',
      ),
      instance_scores: await numbers('instance_scores', [tracks, frames], [1, window], ['track', 'frame'], 'float64'),
      tracking_scores: await numbers('tracking_scores', [tracks, frames], [1, window], ['track', 'frame'], 'float64'),
      track_occupancy: await numbers('track_occupancy', [frames, tracks], [window, 1], ['frame', 'track'], 'uint8'),
    }
    return new MatrixWriter(size, sets, window)
  }

  /** Turns to the window of a frame, and returns the place of the frame in it. Frames come in ascending order. */
  async frame(index: number): Promise<number> {
    if (index >= this.#start + this.#window) {
      await this.flush()
      this.#start = index - (index % this.#window)
    }
    return index - this.#start
  }

  /** The values of a track in the window. */
  track(track: number): TrackWindow {
    let window = this.#tracks.get(track)
    if (!window) {
      window = new TrackWindow(this.#size.nodes, Math.min(this.#window, this.#size.frames - this.#start))
      this.#tracks.set(track, window)
    }
    return window
  }

  /** Writes the window. */
  async flush(): Promise<void> {
    for (const [track, window] of this.#tracks) {
      const frames = { start: this.#start, stop: this.#start + window.frames }
      const { tracks, point_scores, instance_scores, tracking_scores, track_occupancy } = this.#sets
      await tracks.write(window.xy, [track, null, null, frames])
      await point_scores.write(window.pointScores, [track, null, frames])
      await instance_scores.write(window.score, [track, frames])
      await tracking_scores.write(window.trackingScore, [track, frames])
      await track_occupancy.write(window.occupancy, [frames, track])
    }
    this.#tracks.clear()
  }
}
