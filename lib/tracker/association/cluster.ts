/** Associates the detections of one frame in many cameras: which of them are the same fish, and where it is. */
import { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'
import { nearestPoint } from './nearest.js'
import { type AssociationOptions, checkAssociationOptions } from './options.js'
import type { AssociationResult, CameraModel, Detection, FrameAssociations, PerCamera } from './types.js'
import { type View, viewsOf } from './view.js'

/** A detection in a view. */
interface Sighting {
  view: View
  detection: number
}

/** A detection that a point claims, and its distance to the projection of the point, px. */
interface Claim extends Sighting {
  distance: number
}

/** A fish that was found; `residual` in px. */
interface Fish {
  point: Vector
  claims: readonly Sighting[]
  residual: number
}

/**
 * Finds which detections of one frame, in many cameras, are the same fish, and the position of each fish. The algorithm is
 * AquaPose's (phase 05-01):
 *
 * 1. Each seed point claims, in each camera, the nearest detection within the threshold of its projection. With detections in at
 *    least `minCameras` cameras it becomes a fish.
 * 2. Random pairs of unclaimed detections in two cameras are tried: the point nearest to their two rays claims detections in the
 *    same way.
 * 3. The position of a fish is the point nearest to the rays of all its detections, unless the point that claimed them has a
 *    smaller reprojection error.
 * 4. Each remaining detection becomes a fish seen by one camera, with low confidence and at an assumed distance.
 *
 * No detection belongs to two fish. `detections` and `models` are by camera; the index of a detection in its array is its index in
 * the result. Pass the result to `FishTracker.update`. The same `random` gives the same result.
 *
 * Throws ERR_UNKNOWN_CAMERA for a camera without a model, ERR_INVALID_TRACK and ERR_OUT_OF_RANGE for an invalid detection or seed
 * point, and ERR_INVALID_ARGUMENT for an invalid option. The message names the camera and the field.
 */
export function ransacCentroidCluster(
  detections: PerCamera<readonly Detection[]>,
  models: PerCamera<CameraModel>,
  options: AssociationOptions = {},
): FrameAssociations {
  const location = new FrameLocation('the frame was not associated')
  const checked = checkAssociationOptions(options, location)
  const { expectedCount, iterations, seedPoints, frameIndex, pick } = checked
  const views = viewsOf(detections, models, location)
  const found: Fish[] = []
  const accept = (point: Vector | null) => {
    const fish = point && fishAt(point, views, checked)
    if (fish) found.push(fish)
  }

  for (const point of seedPoints) {
    if (found.length >= expectedCount) break
    accept(point)
  }
  for (let i = 0; i < iterations && found.length < expectedCount; i++) {
    const open = views.filter(({ unclaimed }) => unclaimed.length > 0)
    if (open.length < 2) break
    const [first] = open.splice(pick(open.length), 1)
    const pair = [first!, open[pick(open.length)]!]
    accept(nearestPoint(pair.map((view) => view.rayOf(view.unclaimed[pick(view.unclaimed.length)]!))))
  }

  const associations = found.map(associationOf)
  for (const view of views) {
    for (const detection of view.unclaimed) {
      associations.push(singleView({ view, detection }, associations.length, checked.singleViewDistance))
    }
  }
  const unassigned = views.flatMap(({ camera, withoutRay }) => withoutRay.map((detection) => ({ camera, detection })))
  return { associations, frameIndex, unassigned }
}

/** Makes a fish of the detections that a point claims. If too few cameras have one, returns null and claims nothing. */
function fishAt(
  point: Vector,
  views: readonly View[],
  { reprojectionThreshold, minCameras }: { reprojectionThreshold: number; minCameras: number },
): Fish | null {
  const claims = views.flatMap((view) => nearestDetection(view, point, reprojectionThreshold))
  if (claims.length < minCameras) return null
  for (const { view, detection } of claims) view.claim(detection)
  const residual = mean(claims.map(({ distance }) => distance))
  const meeting = nearestPoint(claims.map(({ view, detection }) => view.rayOf(detection)))
  const better = meeting ? residualOf(meeting, claims) : Number.POSITIVE_INFINITY
  return meeting && better <= residual ? { point: meeting, claims, residual: better } : { point, claims, residual }
}

function nearestDetection(view: View, point: Vector, threshold: number): Claim[] {
  if (view.unclaimed.length === 0) return []
  const pixel = view.pixelOf(point)
  if (pixel === null) return []
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  for (const detection of view.unclaimed) {
    const distance = view.distance(detection, pixel)
    if (distance > threshold || !(distance < least)) continue
    nearest = detection
    least = distance
  }
  return nearest < 0 ? [] : [{ view, detection: nearest, distance: least }]
}

/** Mean distance of detections to the projection of a point, px. Infinity if a camera cannot see the point. */
function residualOf(point: Vector, claims: readonly Sighting[]): number {
  const distances = claims.map(({ view, detection }) => {
    const pixel = view.pixelOf(point)
    return pixel === null ? Number.POSITIVE_INFINITY : view.distance(detection, pixel)
  })
  return mean(distances)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function associationOf({ point, claims, residual }: Fish, fishId: number): AssociationResult {
  return {
    fishId,
    centroid3d: point,
    reprojectionResidual: residual,
    ...perCamera(claims),
    nCameras: claims.length,
    confidence: 1,
    isLowConfidence: false,
  }
}

function singleView(sighting: Sighting, fishId: number, distance: number): AssociationResult {
  const { view, detection } = sighting
  const { origin, direction } = view.rayOf(detection)
  return {
    fishId,
    centroid3d: origin.map((value, i) => value + distance * direction[i]!),
    reprojectionResidual: -1,
    ...perCamera([sighting]),
    nCameras: 1,
    confidence: view.detections[detection]!.confidence,
    isLowConfidence: true,
  }
}

/** Makes records without a prototype, as a reader does: a camera may have any name. */
function perCamera(sightings: readonly Sighting[]) {
  const cameraDetections: Record<string, number> = Object.create(null)
  const bboxes: Record<string, ArrayLike<number>> = Object.create(null)
  for (const { view, detection } of sightings) {
    cameraDetections[view.camera] = detection
    bboxes[view.camera] = view.detections[detection]!.bbox
  }
  return { cameraDetections, bboxes }
}
