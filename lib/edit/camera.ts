/** Checks the name of a camera. */
import { H5TracksError, show } from '../base/errors.js'

/** Throws ERR_UNKNOWN_CAMERA. */
export function checkCamera(
  { path, cameraNames }: { path: string; cameraNames: readonly string[] },
  camera: string | undefined,
): void {
  if (camera === undefined || cameraNames.includes(camera)) return
  throw new H5TracksError(`${path} has no camera ${show(camera)}; it has ${cameraNames.join(', ') || 'none'}`, {
    ...{ code: 'ERR_UNKNOWN_CAMERA', path, camera, field: 'camera' },
  })
}
