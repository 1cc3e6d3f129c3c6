/** Makes the frames of a COCO file from its annotations. */
import type { Layout } from '../../layout/model.js'
import { BatchBuilder, type BatchRecord, type CellValue } from '../core/batches.js'
import type { Batch } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import type { Annotations } from './annotations.js'
import { AREA, BOX, CATEGORY, CROWD, PLACE, POINTS, RANK, SCORE, TRACK } from './annotations.js'
import type { CocoFrame, CocoFrames } from './images.js'

export interface CocoRecording {
  readonly path: string
  readonly layout: Layout
  readonly annotations: Annotations
  /** The frames in their order; undefined if they are those that annotations have. */
  readonly frames: CocoFrames | undefined
  readonly nodes: number
  /** The key of the first detection without identity. */
  readonly firstUnknown: number
  readonly signal: AbortSignal | undefined
}

export async function* cocoFrames(recording: CocoRecording): AsyncGenerator<Batch, void, void> {
  const { annotations, frames, signal, layout } = recording
  const builder = new BatchBuilder(layout)
  const maker = new RecordMaker(recording)
  const { spool } = annotations
  let next = frames?.start ?? 0
  let held: BatchRecord[] = []
  let rank = -1
  const emit = (frame: CocoFrame, records: readonly BatchRecord[]) => {
    const named = layout.fields.some(({ name }) => name === 'image')
    builder.add(frame.index, records, named ? { image: frame.image } : {})
  }
  const upTo = function* (end: number) {
    // Images without annotations are frames without records.
    for (; frames && next < Math.min(end, frames.stop); next++) {
      emit(frames.at(next), [])
      if (builder.isFull) yield builder.take()
    }
  }
  const close = function* () {
    if (held.length === 0) return
    if (!frames) emit({ rank, index: rank, image: '' }, held)
    else {
      yield* upTo(rank)
      if (next === rank) emit(frames.at(next++), held)
    }
    held = []
    if (builder.isFull) yield builder.take()
  }
  const [first, last] = frames ? [frames.start, frames.stop - 1] : [-Infinity, Infinity]
  for await (const block of spool.blocks()) {
    signal?.throwIfAborted()
    for (let at = 0; at < block.length; at += spool.width) {
      const own = block[at + RANK] as number
      if (own < first || own > last) continue
      if (own !== rank) yield* close()
      rank = own
      held.push(maker.record(block.subarray(at, at + spool.width), held))
    }
  }
  yield* close()
  yield* upTo(Infinity)
  if (builder.rows > 0) yield builder.take()
}

class RecordMaker {
  readonly #recording: CocoRecording
  readonly #fields: ReadonlySet<string>

  constructor(recording: CocoRecording) {
    this.#recording = recording
    this.#fields = new Set(recording.layout.fields.map(({ name }) => name))
  }

  /** The record of an annotation, which must not have the key of one of the others of its frame. */
  record(row: Float64Array, others: readonly BatchRecord[]): BatchRecord {
    const { path, firstUnknown } = this.#recording
    const track = row[TRACK] as number
    const key = track >= 0 ? track : firstUnknown + others.filter((one) => (one.key as number) >= firstUnknown).length
    if (track >= 0 && others.some((one) => one.key === key)) {
      throw formatProblem(
        path,
        `annotations[${row[PLACE]}]`,
        `its image has an annotation with track_id ${track} already`,
      )
    }
    const values: Record<string, CellValue | null> = {}
    const put = (field: string, value: CellValue) => {
      if (this.#fields.has(field) && !Number.isNaN(value)) values[field] = value
    }
    put('class', row[CATEGORY] as number)
    put(this.#recording.nodes > 0 ? 'score' : 'confidence', row[SCORE] as number)
    put('area', row[AREA] as number)
    put('crowd', row[CROWD] === 1)
    put('identified', track >= 0)
    if (!Number.isNaN(row[BOX])) put('box', row.slice(BOX, BOX + 4))
    if (this.#recording.nodes > 0) this.#keypoints(row, put)
    return { key, ...values }
  }

  #keypoints(row: Float64Array, put: (field: string, value: CellValue) => void): void {
    const { nodes, annotations } = this.#recording
    const part = (offset: number) =>
      Float64Array.from({ length: nodes }, (_, i) => row[POINTS + 4 * i + offset] as number)
    put(
      'keypoints',
      Float64Array.from({ length: 2 * nodes }, (_, i) => row[POINTS + 4 * (i >> 1) + (i & 1)] as number),
    )
    put(
      'visibility',
      part(2).map((v) => (Number.isNaN(v) ? 0 : v)),
    )
    put('confidence', part(annotations.has.fractions ? 2 : 3))
  }
}
