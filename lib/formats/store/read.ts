/** Reads the layouts of a file as recordings, in windows. */
import { nameOf } from '../../frames/file/choose.js'
import { groupsInStep, withoutOwn } from '../../frames/file/metadata.js'
import type { Metadata } from '../../frames/file/types.js'
import { inferred } from '../../hdf5/values/attribute-value.js'
import { columnsOf, rowsIn } from '../../layout/model.js'
import { FrameReader } from '../../reader/frame-reader.js'
import type { Batch, ReadOptions, Recording, Source } from '../core/format.js'
import { openHdf5 } from '../core/hdf5-file.js'
import { formatProblem } from '../core/problem.js'
import { withSlots } from '../core/recordings.js'
import type { Report } from '../core/report.js'

const windowBytes = 8 * 2 ** 20

/** Opens a file; its layouts are the recordings. */
export async function readStore(path: string, options: ReadOptions): Promise<Source> {
  const names = FrameReader.layoutsSync(path)
  if (names.length === 0) throw formatProblem(path, undefined, 'holds no frames: no group describes its layout')
  const readers: FrameReader[] = []
  const close = () => {
    for (const reader of readers) reader.close()
  }
  try {
    for (const name of names) readers.push(new FrameReader(path, name, { acceptLoss: options.acceptLoss ?? false }))
    const recordings = readers.map((reader) => recordingOf(reader, options))
    if (readers.length > 1) reportSteps(path, readers, options.report)
    return { recordings, [Symbol.asyncDispose]: async () => close() }
  } catch (error) {
    close()
    throw error
  }
}

/** Layouts that are written in step have the same frames, and their file says so. Recordings do not know of one another. */
function reportSteps(path: string, readers: readonly FrameReader[], report: Report): void {
  using file = openHdf5(path)
  const groups = new Set(readers.map(({ layout }) => groupsInStep(file, layout.root).map(nameOf).join(', ')))
  for (const names of groups) {
    const count = names.split(', ').length
    if (count > 1)
      report.lost(`layouts in step (${names})`, count, 'each is written at its own pace; their frames are kept')
  }
}

function recordingOf(reader: FrameReader, { report, signal }: ReadOptions): Recording {
  const layout = withSlots(reader.layout, reader.slots)
  const { cameraNames } = reader
  const window = alignedWindow(rowsIn(windowBytes, columnsOf(layout, cameraNames, reader.slots)), reader.chunkFrames)
  return {
    layout,
    cameras: cameraNames,
    metadata: metadataOf(reader, report),
    frames: reader.length,
    chunkFrames: reader.chunkFrames,
    async *batches() {
      for (let start = 0; start < reader.length; start += window) {
        signal?.throwIfAborted()
        const {
          cameraNames: _,
          metadata: __,
          ...columns
        } = await reader.read({
          start,
          stop: Math.min(reader.length, start + window),
        })
        yield columns as Batch
      }
    },
  }
}

/** Windows that end at the borders of chunks are read fastest. */
function alignedWindow(rows: number, chunk: number): number {
  return rows < chunk ? rows : rows - (rows % chunk)
}

/** The attributes that another file can have. Others are reported. */
function metadataOf({ layout, metadata }: FrameReader, report: Report): Metadata {
  const { given, kept } = withoutOwn(layout, metadata)
  for (const name of kept) report.kept(`attribute ${name}`, 'none: a new file counts its own')
  const entries = Object.entries(given).filter(([name, value]) => {
    try {
      inferred(name, value)
      return true
    } catch {
      report.lost(
        `attribute ${name} of ${nameOf(layout.root)}`,
        1,
        'values of its type cannot be written as an attribute',
      )
      return false
    }
  })
  return Object.fromEntries(entries) as Metadata
}
