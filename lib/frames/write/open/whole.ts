/** Refuses to continue a part of what a file writes together: the rest would fall behind. */
import { H5TracksError, show } from '../../../base/errors.js'
import type { File } from '../../../hdf5/objects/file.js'
import type { Layout } from '../../../layout/model.js'
import { layoutOf } from '../../file/described.js'
import { groupsInStep } from '../../file/metadata.js'

type WithLayout = { readonly layout: Layout }

/** Checks the layouts of each stream that is to be continued. Throws ERR_FORMAT. */
export function checkWhole(file: File, streams: readonly (readonly WithLayout[])[]): void {
  for (const stream of streams) {
    for (const { layout } of stream) {
      checkFields(file, layout)
      checkStep(file, layout, stream)
    }
  }
}

/** Refuses a layout without one of the fields that the file says it has. */
function checkFields(file: File, layout: Layout): void {
  const left = layoutOf(file, layout.root)?.fields.find(
    ({ dataset }) => !layout.fields.some((field) => field.dataset === dataset),
  )
  if (!left) return
  const problem = `the file has the field ${show(left.name)} in ${show(layout.root)}, which the layout lacks`
  throw refusal(file, `${problem}; resume it without a layout, or with its own`, left.name)
}

/** Refuses a layout without those that are written in step with it, and together with those that are not. */
function checkStep(file: File, { root }: Layout, stream: readonly WithLayout[]): void {
  if (file.kindSync(root) !== 'group') return
  const together = groupsInStep(file, root)
  const given = stream.map(({ layout }) => layout.root)
  const missing = together.find((path) => !given.includes(path))
  if (missing !== undefined) {
    throw refusal(file, `${show(root)} is written in step with ${show(missing)}; resume them together with FrameWriter`)
  }
  const extra = given.find((path) => !together.includes(path))
  if (extra === undefined) return
  throw refusal(
    file,
    `${show(root)} and ${show(extra)} are written at their own pace; resume them with FrameFileWriter`,
  )
}

function refusal(file: File, problem: string, field?: string): H5TracksError {
  return new H5TracksError(`${file.filename} cannot be resumed: ${problem}`, {
    code: 'ERR_FORMAT',
    path: file.filename,
    ...(field !== undefined && { field }),
  })
}
