/** The layout of AquaPose's tracking files: fish as points in space, with their detections in the cameras. */
import { makeLayout } from '../layout/define.js'
import type { Layout } from '../layout/model.js'

const int32Max = 2 ** 31 - 1

/**
 * AquaPose's `/tracking`: the file that `TrackingWriter` writes. (Source: `TrackingWriter` of AquaPose.) The writer's option `slots`
 * changes the number of fish.
 */
export const trackingLayout = makeLayout(
  {
    group: 'tracking',
    slots: { name: 'fishId', max: 9 },
    perFrame: { frameIndex: 'int64' },
    fields: {
      centroid3d: { type: 'float32', shape: [3], dataset: 'centroid_3d', partial: 'refuse' },
      confidence: { type: 'float32', fill: -1 },
      reprojectionResidual: { type: 'float32', fill: -1 },
      nCameras: { type: 'int32', range: [0, int32Max] },
      isConfirmed: { type: 'bool' },
    },
    perCamera: {
      cameraAssignments: { type: 'int32', fill: -1, range: [-1, int32Max] },
      bboxes: { type: 'int32', fill: -1, shape: [4] },
    },
  },
  { schema: 'aquapose-tracking', version: '1.0', describes: false, tally: 'boxes_truncated' },
)

/** True for the layout of AquaPose's tracking files, of any number of fish. */
export function isTracking({ root, format }: Layout): boolean {
  return root === trackingLayout.root && !format.describes
}
