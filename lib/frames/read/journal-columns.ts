/** Reads the cameras and slots of a file from its journal. */
import { H5TracksError, show } from '../../base/errors.js'
import { bytesOf } from '../../hdf5/objects/elements.js'
import { type Column, columnsOf } from '../../layout/model.js'
import { trackingLayout } from '../../layouts/tracking.js'
import type { NativeFollower } from '../../native/native.js'

/** The cameras and columns that a journal describes. */
export interface JournalColumns {
  cameraNames: string[]
  columns: Column[]
}

/** Derives cameras and columns from the columns of a journal. Throws ERR_JOURNAL if they are not those of a tracking file. */
export function readJournalColumns(path: string, described: NativeFollower['columns']): JournalColumns {
  const ofCameras = `${trackingLayout.root}/camera_assignments/`
  const cameraNames = described.flatMap(({ path }) =>
    path.startsWith(ofCameras) ? [path.slice(ofCameras.length)] : [],
  )
  const maxFish = described.find(({ path }) => path === `${trackingLayout.root}/fish_id`)?.rowValues ?? 0
  const columns = columnsOf(trackingLayout, cameraNames, maxFish)
  for (let i = 0; i < Math.max(columns.length, described.length); i++) {
    const found = described[i] && describe(described[i] as NativeFollower['columns'][number])
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
