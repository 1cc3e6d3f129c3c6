/** `readCalibration`: the cameras that other programs have calibrated. */
import { readFile, stat } from 'node:fs/promises'
import { checkOptions, H5TracksError, invalidArgument, systemError } from '../base/errors.js'
import { type Calibration, camerasOf } from './cameras.js'
import { parse } from './parse.js'

/** What {@link readCalibration} may be told. */
export interface CalibrationOptions {
  /**
   * The pixels belong to images that were undistorted with K kept, as `cv2.undistort` does by default: the cameras have no distortion.
   * Default: false.
   */
  readonly undistorted?: boolean
}

/** Larger files are no calibrations. */
const LARGEST = 64 * 1024 * 1024

/**
 * Reads the cameras of a calibration file, in the order of the file:
 *
 * | file | from |
 * |---|---|
 * | `calibration.toml` | aniposelib, sleap-anipose, with its fisheye cameras |
 * | YAML, XML or JSON of `cv::FileStorage`; ROS `camera_info` YAML | OpenCV: one camera, a stereo pair (`M1`, `D1`, `M2`, `D2`, `R`, `T`), several cameras in maps or with numbered names |
 * | `calibration.json` | AquaPose (AquaCal): cameras above water become a `RefractiveCamera` |
 *
 * The kind is told from the content. A camera without a pose is at the origin of the world; several cameras without poses are refused.
 * Rotations are matrices or Rodrigues vectors, from world to camera.
 *
 * Rejects with ERR_FORMAT for a file that is damaged or has no camera; the message names the camera and the value. System errors keep
 * their names.
 */
export async function readCalibration(path: string | URL, options: CalibrationOptions = {}): Promise<Calibration> {
  checkOptions('readCalibration', options, ['undistorted'])
  const { undistorted = false } = options
  if (typeof undistorted !== 'boolean') throw invalidArgument('undistorted', undistorted, 'true or false')
  if (typeof path !== 'string' && !(path instanceof URL)) throw invalidArgument('path', path, 'a path or a file URL')
  const name = String(path)
  const refuse = (why: string): H5TracksError => {
    return new H5TracksError(`${name} is not a calibration that can be read: ${why}`, {
      code: 'ERR_FORMAT',
      path: name,
    })
  }
  let bytes: Buffer
  try {
    const { size } = await stat(path)
    if (size > LARGEST) throw refuse(`it has ${size} bytes, and calibrations have at most ${LARGEST}`)
    bytes = await readFile(path)
  } catch (error) {
    throw error instanceof H5TracksError ? error : systemError(error)
  }
  return camerasOf(await parse(bytes, refuse), undistorted, refuse)
}
