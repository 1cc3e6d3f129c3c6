/** Points in space of sleap-anipose: `points3d.h5` with one array (frames, tracks, nodes, 3). */
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode, ReadOptions, Recording, Source } from '../core/format.js'
import { attributesFrom } from '../dense/attributes.js'
import { neededFrameArray } from '../dense/hdf5.js'
import { denseRecording } from '../dense/recording.js'
import { type ForeignFile, openSource } from '../poses/input.js'
import { posesOf } from '../poses/layout.js'

const names = ['tracks', 'points3d']

export const anipose: FormatCode = {
  detect(probe) {
    const file = probe.hdf5()
    try {
      if (!file) return 0
      const name = names.find((one) => file.kindSync(one) === 'dataset')
      const shape = name === undefined ? null : file.datasetSync(name).shapeSync()
      if (shape?.length !== 4 || shape[3] !== 3) return 0
      // Files of SLEAP have names of nodes beside the tracks.
      return file.kindSync('node_names') === null ? 0.9 : 0.2
    } catch (error) {
      if (error instanceof H5TracksError) return 0
      throw error
    }
  },
  read(path, options): Promise<Source> {
    return openSource(path, async (input) => [await recordingIn(input, options)])
  },
}

async function recordingIn(input: ForeignFile, options: ReadOptions): Promise<Recording> {
  const { report, fps } = options
  const keys = await input.guarded('/', () => input.file.keys())
  const name = names.find((one) => keys.includes(one)) ?? 'tracks'
  const points = await neededFrameArray(input, name, [null, null, null, 3], 'give the points3d.h5 of sleap-anipose')
  const [frames, animals, nodes] = points.shape as [number, number, number]
  if (nodes === 0) throw input.problem(name, 'has no nodes', 'write it again with sleap-anipose')
  report.guessed('names of nodes', `node_0 to node_${nodes - 1}`)
  for (const other of keys) if (other !== name) report.lost(`object ${other}`, 1, 'it is no part of the format')
  const tracks = Array.from({ length: animals }, (_, i) => `track_${i}`)
  return denseRecording(
    {
      frames,
      animals,
      fields: [{ name: 'keypoints', chunk: points.chunk, read: (start, stop) => points.rows(start, stop) }],
    },
    (slots) =>
      posesOf({
        group: 'poses',
        nodes: Array.from({ length: nodes }, (_, i) => `node_${i}`),
        edges: [],
        dimensions: 3,
        slots,
        precision: points.isNarrow ? 'float32' : 'float64',
        names: tracks,
      }),
    attributesFrom({ source_software: 'sleap-anipose', ...(fps !== undefined && { fps }) }, report),
    options,
  )
}
