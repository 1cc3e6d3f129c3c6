/** COCO JSON: boxes and keypoints, also as lists of results. */
import type { FormatCode } from '../core/format.js'
import { detectCoco, readCoco } from './read.js'
import { writeCoco } from './write.js'

export const coco: FormatCode = { detect: detectCoco, read: readCoco, write: writeCoco }
