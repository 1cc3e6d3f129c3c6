/** AquaPose's tracking files as an output, for recordings of any layout. */
import type { FormatCode } from '../core/format.js'
import { onlyRecording } from '../core/recordings.js'
import { asTracking } from './aquapose.js'
import { writeStore } from './write.js'

export const aquapose: FormatCode = {
  detect: () => 0,
  async write(recordings, path, options) {
    const recording = onlyRecording(recordings, 'a tracking file', options)
    await writeStore([asTracking(recording, options.finalPath, options.report)], path, options)
  },
}
