/** Opens a file whose values may lie in other files. */
import { H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { type FrameFile, type LayoutChoice, openFrameFile, type ReaderOptions } from '../file/open.js'
import { checkLoss } from '../file/unclosed.js'
import { problemsIn } from './problems.js'

/**
 * Opens a file for a reader. With `external`, throws the first problem of the sources of its virtual datasets, with its code (or ERR_FORMAT)
 * and the path of the source.
 */
export function openForReader(
  name: string,
  path: string | URL,
  layout: LayoutChoice,
  { external = false, ...options }: ReaderOptions,
): FrameFile {
  const loss = checkLoss(name, options)
  if (typeof external !== 'boolean') throw invalidArgument('external', external, 'true or false')
  const opened = openFrameFile(path, layout, { ...loss, external })
  if (!external) return opened
  try {
    refuseProblems(toPath(path))
    return opened
  } catch (error) {
    opened.file.closeSync()
    throw error
  }
}

/** Throws the first problem of the sources of a file, as {@link openForReader} does. */
export function refuseProblems(path: string): void {
  for (const found of problemsIn(path)) {
    if (found === null) continue
    const { path: source, code = 'ERR_FORMAT', problem } = found
    const what = `${path} shows rows of other files, which would read as fill values: ${source}: ${problem}`
    throw new H5TracksError(what, { code, path: source })
  }
}
