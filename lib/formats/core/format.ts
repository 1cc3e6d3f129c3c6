/** The contract of a format: streams in, streams out, and a report of what could not be carried. */
import type { Metadata } from '../../frames/file/types.js'
import type { Layout } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import type { Content } from './content.js'
import type { FormatOptions } from './options.js'
import type { Probe } from './probe.js'
import type { Report } from './report.js'

/** What the list of formats says about one of them, without loading its code. */
export interface FormatInfo {
  /** The value of `from` and `to`, e.g. 'sleap-analysis'. */
  readonly name: string
  /** The name for people, e.g. 'SLEAP analysis HDF5'. */
  readonly title: string
  /** The ends of file names, e.g. ['.analysis.h5', '.h5']. The longest match of a name decides on the format of an output. */
  readonly extensions: readonly string[]
  /** What the format's files are. 'text' is also text in gzip or zstd. */
  readonly content: readonly Content[]
  /** The options that the reader takes; undefined if the format cannot be read. */
  readonly reads?: readonly (keyof FormatOptions)[]
  /** The options that the writer takes; undefined if the format cannot be written. */
  readonly writes?: readonly (keyof FormatOptions)[]
}

/** The code of a format: one module. */
export interface FormatCode {
  /** How sure the content makes it: 0 = it is not this format, 1 = it certainly is. */
  detect(probe: Probe): Promise<number> | number
  /** Opens a file. Memory does not grow with the file. Rejects with ERR_FORMAT if the file is not what it should be. */
  read?(path: string, options: ReadOptions): Promise<Source>
  /** Writes to `path`, a temporary name in the folder of the output. Whoever calls it gives the file its name when it is complete. */
  write?(recordings: readonly Recording[], path: string, options: WriteOptions): Promise<void>
}

/** A format. Its code is loaded at the first call. */
export interface Format extends FormatInfo, FormatCode {}

interface CommonOptions extends FormatOptions {
  readonly report: Report
  readonly signal?: AbortSignal
}

/** The options of a reader: its own, and how it reports. */
export interface ReadOptions extends CommonOptions {
  /** Is called during passes over the input that precede the frames. `total` is undefined if it is not known. */
  onProgress?(done: number, total: number | undefined, unit: 'bytes' | 'frames'): void
}

/** The options of a writer: its own, and how it reports. */
export interface WriteOptions extends CommonOptions {
  /** The name that the output will have, for messages and for what is called after the file. */
  readonly finalPath: string
}

/** An open file: one recording for each video or layout. */
export interface Source extends AsyncDisposable {
  readonly recordings: readonly Recording[]
}

/** A recording; each becomes a group of an h5tracks file. */
export interface Recording {
  /** What a frame holds. `layout.slots` is the number of slots of the batches. */
  readonly layout: Layout
  readonly cameras: readonly string[]
  /** Attributes of the recording: names of tracks, provenance, fps. Those of `layout.attributes` count as well. */
  readonly metadata: Metadata
  /** Number of frames; undefined if it is not known before they are read. */
  readonly frames: number | undefined
  /** Number of frames in a chunk, if the recording is stored in chunks of frames. */
  readonly chunkFrames?: number | undefined
  /** The frames in their order, in batches of up to about 8 MB. Each call begins again. */
  batches(): AsyncIterable<Batch>
}

/** An array as a batch holds it: booleans are 0 and 1, enums their numbers, halves a Float32Array. */
export type BatchArray = TypedArray | readonly string[]

/** A column of n frames: [n, slots, ...shape] of a field of records, [n, ...shape] of a field of frames; row-major. */
export interface BatchColumn {
  readonly data: BatchArray
}

/** What `FrameWriter.writeFrames` takes and `FrameReader.read` gives: columns by field, those of a per-camera field by camera. */
export type Batch = Readonly<Record<string, BatchColumn | Readonly<Record<string, BatchColumn>>>>
