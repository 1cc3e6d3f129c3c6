/** Tables of labelled images: their rows are paths, with the number of the frame in the name. */
import type { ReadOptions } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import type { DlcTable } from './table.js'

interface Folder {
  rows: number
  /** The numbers in the names of the images ascend; otherwise images are counted. */
  numbered: boolean
  before: number
}

export interface Images {
  readonly folders: ReadonlyMap<string, Folder>
  /** The most bytes that a path takes. */
  readonly longest: number
  /** The frame of an image; undefined if it is not in this folder. Call it with the labels of the table in order. */
  indexOf(label: string | number, folder: string): number | undefined
}

const longestPath = 4096

const isFrame = (label: string | number) => typeof label === 'number' || /^\s*-?\d+(\.0*)?\s*$/.test(label)
const folderOf = (path: string) => path.replaceAll('\\', '/').replace(/\/?[^/]*$/, '')
/** The last number in the name of the image, without its extension. */
const numberIn = (path: string) => {
  const digits = /(\d+)\D*$/.exec(path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''))?.[1]
  return digits === undefined ? Number.NaN : Number(digits)
}

/** Looks through the labels of a table; undefined if they are frame numbers. */
export async function imagesOf(
  path: string,
  table: DlcTable,
  { report, signal }: ReadOptions,
): Promise<Images | undefined> {
  const folders = new Map<string, Folder>()
  let [longest, row] = [1, 0]
  for await (const { labels } of table.blocks()) {
    signal?.throwIfAborted()
    for (const label of labels) {
      if (isFrame(label)) {
        // A table with frame numbers is recognized by its first row.
        if (row === 0) return undefined
        throw formatProblem(path, table.place(row), `has the label ${label}; others are paths of images`)
      }
      const bytes = Buffer.byteLength(String(label))
      if (bytes > longestPath) throw formatProblem(path, table.place(row), `has a label of ${bytes} bytes`)
      longest = Math.max(longest, bytes)
      const name = folderOf(String(label))
      const folder = folders.get(name) ?? { rows: 0, numbered: true, before: -1 }
      const number = numberIn(String(label))
      if (!(number > folder.before) || !Number.isSafeInteger(number)) folder.numbered = false
      folder.before = number
      folder.rows++
      folders.set(name, folder)
      row++
    }
  }
  if (row === 0) return undefined
  const numbered = [...folders.values()].every((folder) => folder.numbered)
  report.guessed(
    'index of frames',
    numbered ? 'the numbers in the names of the images' : 'the place of the image, as numbers in names do not ascend',
  )
  const counts = new Map<string, number>()
  return {
    folders,
    longest,
    indexOf(label, wanted) {
      const name = folderOf(String(label))
      if (name !== wanted) return undefined
      if (folders.get(name)?.numbered) return numberIn(String(label))
      const count = counts.get(name) ?? 0
      counts.set(name, (count + 1) % (folders.get(name)?.rows ?? 1))
      return count
    },
  }
}
