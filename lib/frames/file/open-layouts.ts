/** Opens a file with all its layouts. */
import { toPath } from '../../base/path.js'
import type { File } from '../../hdf5/objects/file.js'
import type { Layout } from '../../layout/model.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { layoutsIn } from './described.js'
import { type FrameFile, openReadable, verify } from './open.js'
import { explained, type LossOptions } from './unclosed.js'

/** A file that is open for reading, with all its layouts, which were checked. */
export interface OpenLayouts {
  file: File
  /** At least one. */
  layouts: readonly FrameFile[]
}

/** The layouts of a file. A file without any is opened as a tracking file, which says what is missing. */
export function layoutsToOpen(file: File): Layout[] {
  const layouts = layoutsIn(file)
  return layouts.length > 0 ? layouts : [trackingLayout]
}

/** Opens a file with all its layouts. Throws as `openFrameFile` does. */
export function openLayouts(path: string | URL, options: LossOptions = {}): OpenLayouts {
  const file = openReadable(toPath(path), options)
  try {
    const layouts = explained(file, () => layoutsToOpen(file))
    return { file, layouts: layouts.map((layout) => verify(file, layout, options)) }
  } catch (error) {
    file.closeSync()
    throw error
  }
}
