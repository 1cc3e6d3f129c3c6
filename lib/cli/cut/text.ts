/** Says what an edit made. */
import type { EditedLayout } from '../../edit/edit-file.js'
import { count, thousands } from '../shared/terminal.js'

/** '600 of 1,800 frames', for each layout if there are several. */
export function framesText(layouts: readonly EditedLayout[]): string {
  return layouts
    .map(({ name, frames, framesBefore }) => {
      const all =
        frames === framesBefore ? count(frames, 'frame') : `${thousands(frames)} of ${count(framesBefore, 'frame')}`
      return layouts.length > 1 ? `${all} of ${name}` : all
    })
    .join(', ')
}
