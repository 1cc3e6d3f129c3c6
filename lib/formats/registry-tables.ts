/** Formats of text that many programs share. */
import type { Format } from './core/format.js'
import { lazily } from './core/lazily.js'

export const tableFormats: readonly Format[] = [
  lazily(
    {
      name: 'jsonl',
      title: 'JSON lines of any layout, as h5tracks tail --json writes them',
      extensions: ['.jsonl', '.ndjson'],
      content: ['text'],
      reads: ['max'],
      writes: [],
    },
    async () => (await import('./jsonl/jsonl.js')).jsonl,
  ),
  lazily(
    {
      name: 'csv',
      title: 'CSV, TSV: a row for each animal in a frame (long) or for each frame (wide)',
      extensions: ['.csv', '.tsv', '.tab'],
      content: ['text'],
      reads: ['columns', 'delimiter', 'decimal', 'groups', 'fps', 'max'],
      writes: ['delimiter', 'shape'],
    },
    async () => (await import('./csv/csv.js')).csv,
  ),
  lazily(
    {
      name: 'mot',
      title: 'MOT Challenge text: detections, ground truth, results of trackers',
      extensions: ['.txt', '.mot'],
      content: ['text'],
      reads: ['max', 'delimiter'],
      writes: ['camera'],
    },
    async () => (await import('./mot/mot.js')).mot,
  ),
  lazily(
    {
      name: 'coco',
      title: 'COCO JSON: boxes and keypoints, also lists of results',
      extensions: ['.json', '.coco.json'],
      content: ['text'],
      reads: ['max'],
      writes: ['camera'],
    },
    async () => (await import('./coco/coco.js')).coco,
  ),
  lazily(
    {
      name: 'parquet',
      title: 'Parquet: a long table in one file (needs hyparquet-writer)',
      extensions: ['.parquet'],
      content: ['binary'],
      writes: [],
    },
    async () => (await import('./parquet/parquet.js')).parquet,
  ),
]
