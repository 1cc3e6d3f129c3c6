/** MOT Challenge text: detections, ground truth and the results of trackers. */
import type { FormatCode } from '../core/format.js'
import { detectMot, readMot } from './read.js'
import { writeMot } from './write.js'

export const mot: FormatCode = { detect: detectMot, read: readMot, write: writeMot }
