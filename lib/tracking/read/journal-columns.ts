import { H5TracksError, show } from '../../base/errors.js'
import { bytesOf } from '../../hdf5/objects/elements.js'
import type { NativeFollower } from '../../native/native.js'
import { type Column, columnsOf, fields, root } from '../file/layout.js'

/** What is in the rows that a journal tells of. */
export interface JournalColumns {
  cameraNames: string[]
  columns: Column[]
}

/** A journal's columns as those of a tracking file: cameras and slots are seen from them. */
export function readJournalColumns(path: string, told: NativeFollower['columns']): JournalColumns {
  const ofCameras = `${root}/${fields.cameraAssignments.name}/`
  const cameraNames = told.flatMap(({ path }) => (path.startsWith(ofCameras) ? [path.slice(ofCameras.length)] : []))
  const maxFish = told.find(({ path }) => path === `${root}/${fields.fishId.name}`)?.rowValues ?? 0
  const columns = columnsOf(cameraNames, maxFish)
  for (let i = 0; i < Math.max(columns.length, told.length); i++) {
    const found = told[i] && describe(told[i] as NativeFollower['columns'][number])
    const expected = columns[i] && describe(inFile(columns[i] as Column))
    if (found === expected) continue
    throw new H5TracksError(
      `the journal of ${path} is not one of a tracking file: expected ${expected ?? 'no more columns'}; found ` +
        `${found ?? 'no more'}`,
      { code: 'ERR_JOURNAL', path },
    )
  }
  return { cameraNames, columns }
}

function inFile({ path, width, type }: Column): NativeFollower['columns'][number] {
  return { path, rowValues: width, elementBytes: bytesOf(type) }
}

function describe({ path, rowValues, elementBytes }: NativeFollower['columns'][number]): string {
  return `${show(path)} with ${rowValues} values of ${elementBytes} bytes in a row`
}
