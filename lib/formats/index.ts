/// <reference types="node" preserve="true" />
/** `h5tracks/formats`: files of other programs in and out. */

export { type ConvertOptions, type ConvertProgress, type ConvertReport, convert } from './convert.js'
export { BatchBuilder, type BatchRecord, type CellValue } from './core/batches.js'
export type { Content } from './core/content.js'
export type {
  Batch,
  BatchArray,
  BatchColumn,
  Format,
  FormatCode,
  FormatInfo,
  ReadOptions,
  Recording,
  Source,
  WriteOptions,
} from './core/format.js'
export type { FormatOptions } from './core/options.js'
export { Probe } from './core/probe.js'
export { type Report, type ReportEntry, ReportList } from './core/report.js'
export { detectFormat, type OpenOptions, type OpenRecordings, openRecordings } from './open.js'
export { formats } from './registry.js'
