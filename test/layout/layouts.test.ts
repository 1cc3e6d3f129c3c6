import { defineLayout, type Field, H5TracksError, midlineLayout, midlineLayoutWith, poseLayout } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { askH5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// The layouts that come with the package.

describe('midlineLayout', () => {
  /** The datasets of a layout as h5py describes them. */
  const datasets = (fields: readonly Field[], slots: number) =>
    fields.map(({ dataset, storage, shape, perFrame, fill }) => [
      dataset,
      storage,
      perFrame ? [0, ...shape] : [0, slots, ...shape],
      Number.isNaN(fill) ? 'nan' : fill,
    ])
  const inH5py = async (header: object) => {
    const path = scratch('midlines.h5')
    await runPython('aquapose_midlines.py', [path], { input: `${JSON.stringify(header)}\n` })
    const fill = '"nan" if d.fillvalue != d.fillvalue else int(d.fillvalue)'
    const describe = `[[n, str(d.dtype), d.shape, ${fill}] for n, d in f["midlines"].items()]`
    return { path, described: (await askH5py<unknown[][]>(path, describe)).sort() }
  }

  test('its datasets are those that AquaPose writes', async () => {
    const { path, described } = await inH5py({})
    expect(datasets(midlineLayout.fields, 9).sort()).toEqual(described)
    const { SPLINE_KNOTS, SPLINE_K } = midlineLayout.attributes
    expect([...(SPLINE_KNOTS as Float64Array)]).toEqual(
      await askH5py(path, 'f["midlines"].attrs["SPLINE_KNOTS"].tolist()'),
    )
    expect(SPLINE_K).toBe(await askH5py(path, 'int(f["midlines"].attrs["SPLINE_K"])'))
  })

  test('with other sample points and fish, its datasets are those that AquaPose writes', async () => {
    const { described } = await inH5py({ maxFish: 4, samples: 6 })
    expect(datasets(midlineLayoutWith({ max: 4, samples: 6 }).fields, 4).sort()).toEqual(described)
  })

  test('with points, its datasets are those of the development version of AquaPose', async () => {
    const { described } = await inH5py({ samples: 6, points: true })
    expect(datasets(midlineLayoutWith({ samples: 6, points: true }).fields, 9).sort()).toEqual(described)
  })

  test('files may lack the datasets that older versions of AquaPose did not write, and no others', async () => {
    const { described } = await inH5py({ older: true })
    const required = midlineLayout.fields.filter(({ inFile }) => inFile === 'required')
    expect(datasets(required, 9).sort()).toEqual(described)
  })
})

describe('poseLayout', () => {
  const nodes = ['nose', 'neck', 'tail']
  const of = (layout: { fields: readonly Field[] }) =>
    layout.fields.map(({ dataset, storage, shape, axes, unit, optional, partial, perCamera }) =>
      [dataset, storage, shape.join('x'), axes.join(' '), unit ?? '', optional ? 'optional' : '', partial].concat(
        perCamera ? ['by camera'] : [],
      ),
    )

  test('poses in one image have keypoints with their confidence in px', () => {
    const layout = poseLayout({ nodes, dimensions: 2 })
    expect(of(layout)).toEqual([
      ['frame_index', 'int64', '', '', '', '', 'keep'],
      ['time', 'float64', '', '', 's', 'optional', 'keep'],
      ['individual', 'int32', '', '', '', '', 'keep'],
      ['keypoints', 'float32', '3x2', 'node space', 'px', '', 'refuse'],
      ['confidence', 'float32', '3', 'node', '', 'optional', 'keep'],
      ['score', 'float32', '', '', '', 'optional', 'keep'],
    ])
    expect(layout).toMatchObject({ root: '/poses', slots: 9, cameras: null, attributes: {} })
    expect([...layout.axes]).toEqual([
      ['node', nodes],
      ['space', ['x', 'y']],
    ])
  })

  test('poses in space from several cameras also have keypoints in each image', () => {
    const layout = poseLayout({ nodes, dimensions: 3, cameras: ['top', 'side'], unit: 'mm', group: 'mice', max: 2 })
    expect(of(layout)).toEqual([
      ['frame_index', 'int64', '', '', '', '', 'keep'],
      ['time', 'float64', '', '', 's', 'optional', 'keep'],
      ['camera_dropped', 'bool', '', '', '', '', 'keep', 'by camera'],
      ['individual', 'int32', '', '', '', '', 'keep'],
      ['keypoints', 'float32', '3x3', 'node space', 'mm', 'optional', 'refuse'],
      ['confidence', 'float32', '3', 'node', '', 'optional', 'keep'],
      ['score', 'float32', '', '', '', 'optional', 'keep'],
      ['camera_keypoints', 'float32', '3x2', 'node image_space', 'px', 'optional', 'refuse', 'by camera'],
      ['camera_confidence', 'float32', '3', 'node', '', 'optional', 'keep', 'by camera'],
    ])
    expect(layout).toMatchObject({ root: '/mice', slots: 2, cameras: ['top', 'side'] })
    expect([...layout.axes.keys()]).toEqual(['node', 'space', 'image_space'])
  })

  test('with cameras in two dimensions, images have the axes of the poses', () => {
    expect([...poseLayout({ nodes, dimensions: 2, cameras: ['top'] }).axes.keys()]).toEqual(['node', 'space'])
  })

  test('edges are given by name or by index, and stored as indices', () => {
    const { attributes } = poseLayout({
      nodes,
      dimensions: 2,
      edges: [
        ['nose', 'neck'],
        [1, 'tail'],
      ],
    })
    expect(attributes).toEqual({
      edge_inds: [
        [0, 1],
        [1, 2],
      ],
    })
  })

  test.each([
    [{ nodes, dimensions: 4 }, 'poseLayout: dimensions must be 2 or 3; got 4'],
    [{ nodes: [], dimensions: 2 }, 'poseLayout: nodes must be a list of distinct names; got []'],
    [{ nodes: ['a', 'a'], dimensions: 2 }, "poseLayout: nodes must be a list of distinct names; got [ 'a', 'a' ]"],
    [{ nodes: 'nose', dimensions: 2 }, "poseLayout: nodes must be a list of distinct names; got 'nose'"],
    [{ nodes, dimensions: 2, edges: 3 }, 'poseLayout: edges must be a list of pairs of nodes; got 3'],
    [{ nodes, dimensions: 2, edges: [['nose']] }, "poseLayout: edges[0] must be two nodes; got [ 'nose' ]"],
    [
      {
        nodes,
        dimensions: 2,
        edges: [
          [0, 1],
          [1, 3],
        ],
      },
      'poseLayout: edges[1] has 3, which is none of the 3 nodes',
    ],
    [{ nodes, dimensions: 2, edges: [[0, 'leg']] }, "poseLayout: edges[0] has 'leg', which is none of the 3 nodes"],
    [{ nodes, dimensions: 2, skeleton: [] }, "poseLayout has no option 'skeleton'; there are nodes, edges, dimensions"],
    [{ nodes, dimensions: 2, cameras: 'top' }, "layout.cameras must be a list of names; got 'top'"],
    [{ nodes, dimensions: 2, max: 0 }, 'layout.slots.max must be an integer from 1 to 2147483647; got 0'],
  ])('%o is refused', (options, message) => {
    const make = () => poseLayout(options as never)
    expect(make).toThrow(H5TracksError)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
    expect(make).toThrow(message)
  })
})

test('a layout that comes with the package can be extended', () => {
  const { spec } = poseLayout({ nodes: ['nose'], dimensions: 2 })
  const layout = defineLayout({ ...spec, fields: { ...spec.fields, licking: 'bool' } })
  expect(layout.fields.map(({ name }) => name)).toContain('licking')
})
