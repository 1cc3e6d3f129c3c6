/** Writes JSON lines, as `h5tracks tail --json` prints them. */

import type { ReadMetadata } from '../../frames/file/types.js'
import { columnsOf } from '../../layout/model.js'
import { isTracking } from '../../layouts/tracking.js'
import type { TypedArray } from '../../native/element-types.js'
import { TrackDecoder } from '../../tracking/frames.js'
import { arrayIn } from '../core/arrays.js'
import { ByteWriter } from '../core/byte-writer.js'
import type { Batch, FormatCode, Recording } from '../core/format.js'
import { attributesOf, onlyRecording } from '../core/recordings.js'
import { BatchFrames } from './frames.js'
import { RecordJson, recordHeader } from './record-json.js'
import { frameJson, headerJson } from './track-json.js'

export const writeLines: NonNullable<FormatCode['write']> = async (recordings, path, options) => {
  const recording = onlyRecording(recordings, 'JSON lines', options)
  const { layout, cameras, chunkFrames } = recording
  const facts = {
    ...{ layout, cameraNames: cameras, slots: layout.slots, chunkFrames },
    metadata: attributesOf(recording) as ReadMetadata,
  }
  const { text, left } = isTracking(layout) ? headerJson(facts) : recordHeader(facts)
  if (left.length > 0)
    options.report.lost(`attributes (${left.join(', ')})`, left.length, 'JSON lines cannot hold them')
  const lines = linesFor(recording)
  const out = await ByteWriter.create(path)
  try {
    out.text(text)
    for await (const batch of recording.batches()) {
      options.signal?.throwIfAborted()
      for (const line of lines(batch)) {
        out.text(line)
        if (out.isFull) await out.flush()
      }
    }
  } catch (error) {
    await out.giveUp()
    throw error
  }
  await out.close()
}

/** Makes the lines of a batch. */
function linesFor(recording: Recording): (batch: Batch) => Iterable<string> {
  const { layout, cameras } = recording
  if (isTracking(layout)) {
    const columns = columnsOf(layout, cameras, layout.slots)
    const decoder = new TrackDecoder({ layout, cameraNames: cameras, slots: layout.slots, columns })
    return function* (batch) {
      const arrays = columns.map(({ field, camera }) => arrayIn(batch, field.name, camera ?? undefined) as TypedArray)
      const rows = (arrayIn(batch, layout.index.name) as TypedArray).length
      for (const frame of decoder.frames(arrays, rows)) yield frameJson(frame)
    }
  }
  const frames = new BatchFrames(recording)
  const form = new RecordJson(layout)
  return function* (batch) {
    for (const frame of frames.frames(batch)) yield form.line(frame)
  }
}
