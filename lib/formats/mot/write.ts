/** Writes MOT Challenge text: a row for each box. */
import { arrayIn } from '../core/arrays.js'
import { boxesOf } from '../core/boxes.js'
import { ByteWriter } from '../core/byte-writer.js'
import type { Batch, BatchArray, FormatCode, Recording, WriteOptions } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { fieldOf, onlyRecording } from '../core/recordings.js'

const COMMA = 44
const LF = 10
const title = 'MOT Challenge text'

export const writeMot: NonNullable<FormatCode['write']> = async (recordings, path, options) => {
  const recording = onlyRecording(recordings, title, options)
  const out = await ByteWriter.create(path)
  try {
    await write(recording, out, options)
  } catch (error) {
    await out.giveUp()
    throw error
  }
  await out.close()
}

async function write(recording: Recording, out: ByteWriter, options: WriteOptions): Promise<void> {
  const { report, signal } = options
  const { layout } = recording
  const boxes = boxesOf(recording, title, options)
  const has = (name: string) => fieldOf(recording, name)?.shape.length === 0 && !fieldOf(recording, name)?.perCamera
  const confidence = ['confidence', 'score'].find(has)
  // Ground truth has 9 columns, results have 10.
  const truth = has('class') || has('visibility')
  const space = !truth && fieldOf(recording, 'centroid3d') ? ['centroid3d'] : !truth && has('z') ? ['x', 'y', 'z'] : []
  const carried = [...boxes.fields, 'identified', ...(truth ? ['class', 'visibility'] : space), confidence ?? '']
  const losses = new Losses(recording, carried)
  let [without, texts, first] = [0, 0, Number.POSITIVE_INFINITY]
  for await (const batch of recording.batches()) {
    signal?.throwIfAborted()
    losses.add(batch)
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
    const identified = has('identified') ? arrayIn(batch, 'identified') : undefined
    const sides = boxes.read(batch)
    const numbers = (name: string | undefined) => (name === undefined ? undefined : arrayIn(batch, name))
    const [certain, kind, visible] = [
      numbers(confidence),
      has('class') ? numbers('class') : undefined,
      has('visibility') ? numbers('visibility') : undefined,
    ]
    const position = positionsOf(batch, space)
    for (let cell = 0; cell < index.length * layout.slots; cell++) {
      const key = keys ? (keys[cell] as number) : 0
      if (key === -1) continue
      if (Number.isNaN(sides[4 * cell])) {
        without++
        continue
      }
      const frame = Number(index[Math.floor(cell / layout.slots)])
      first = Math.min(first, frame)
      out.integer(frame)
      out.byte(COMMA)
      out.integer(identified && !identified[cell] ? -1 : key)
      for (let side = 0; side < 4; side++) put(out, sides[4 * cell + side] as number)
      put(out, valueAt(certain, cell))
      if (truth) {
        const value = kind ? Number(kind[cell]) : -1
        if (kind && Number.isNaN(value) && kind[cell] !== '') texts++
        put(out, kind?.[cell] === '' ? -1 : value)
        put(out, valueAt(visible, cell))
      } else for (let axis = 0; axis < 3; axis++) put(out, position(cell, axis))
      out.byte(LF)
      if (out.isFull) await out.flush()
    }
  }
  report.lost('animals without a box', without, 'a row of MOT is a box')
  report.lost('names of classes', texts, 'classes of MOT are numbers')
  losses.report(report, 'MOT has no column for them', [])
  if (first === 0) report.guessed('frame numbers', 'as in the input, from 0; programs of MOT count from 1')
}

/** A number, or -1 if it is not known. */
function put(out: ByteWriter, value: number): void {
  out.byte(COMMA)
  if (Number.isNaN(value)) out.integer(-1)
  else out.float32(Math.fround(value))
}

const valueAt = (array: BatchArray | undefined, cell: number): number =>
  array === undefined ? Number.NaN : Number(array[cell])

function positionsOf(batch: Batch, fields: readonly string[]): (cell: number, axis: number) => number {
  if (fields.length === 0) return () => Number.NaN
  const arrays = fields.map((name) => arrayIn(batch, name) as Float32Array)
  if (arrays.length === 3) return (cell, axis) => arrays[axis]?.[cell] ?? Number.NaN
  return (cell, axis) => arrays[0]?.[3 * cell + axis] ?? Number.NaN
}
