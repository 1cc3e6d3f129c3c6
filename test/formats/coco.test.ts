import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FrameWriter, poseLayout } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { contents, said, table } from './csv.js'

const boxes = {
  info: { description: 'two people' },
  licenses: [],
  images: [
    { id: 7, file_name: 'a/000002.jpg', width: 640, height: 480, frame_id: 2 },
    { id: 5, file_name: 'a/000001.jpg', width: 640, height: 480, frame_id: 1 },
    { id: 9, file_name: 'a/000003.jpg', width: 640, height: 480, frame_id: 3 },
  ],
  annotations: [
    {
      id: 1,
      image_id: 7,
      category_id: 3,
      bbox: [10.25, 20.5, 30, 40],
      area: 1200,
      iscrowd: 0,
      track_id: 4,
      segmentation: [[1, 2, 3, 4, 5, 6]],
    },
    {
      id: 2,
      image_id: 5,
      category_id: 1,
      bbox: [1, 2, 3, 4.125],
      area: 12.375,
      iscrowd: 1,
      track_id: 4,
      segmentation: [],
    },
    { id: 3, image_id: 7, category_id: 1, bbox: [5, 6, 7, 8], area: 56, iscrowd: 0, track_id: 2, occluded: true },
  ],
  categories: [
    { id: 1, name: 'person', supercategory: '' },
    { id: 3, name: 'car', supercategory: '' },
  ],
}

const people = {
  images: [
    { id: 1, file_name: 'x_0010.png' },
    { id: 2, file_name: 'x_0011.png' },
  ],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      keypoints: [1.5, 2.5, 2, 0, 0, 0, 3, 4, 1],
      num_keypoints: 2,
      bbox: [1, 2, 3, 4],
    },
    {
      id: 2,
      image_id: 1,
      category_id: 1,
      keypoints: [5, 6, 2, 7, 8, 2, 9, 1, 2],
      num_keypoints: 3,
      bbox: [0, 0, 9, 9],
      score: 0.5,
    },
  ],
  categories: [
    {
      id: 1,
      name: 'mouse',
      keypoints: ['nose', 'ear', 'tail'],
      skeleton: [
        [1, 2],
        [2, 3],
      ],
    },
  ],
}

const json = (value: object) => table(JSON.stringify(value), {}, 'in.json')

describe('COCO goes in', () => {
  test('with boxes, classes and tracks, in the order of the frames; masks and other keys are counted', async () => {
    const { frames, metadata, said } = await json(boxes)
    expect(frames).toEqual([
      {
        frame: 1,
        image: 'a/000001.jpg',
        records: [{ individual: 4, class: 'person', box: [1, 2, 3, 4.125], area: 12.375, crowd: true }],
      },
      {
        frame: 2,
        image: 'a/000002.jpg',
        records: [
          { individual: 2, class: 'person', box: [5, 6, 7, 8], area: 56, crowd: false },
          { individual: 4, class: 'car', box: [10.25, 20.5, 30, 40], area: 1200, crowd: false },
        ],
      },
      { frame: 3, image: 'a/000003.jpg', records: [] },
    ])
    expect(metadata).toMatchObject({ image_width: 640, image_height: 480 })
    expect(said).toEqual(expect.arrayContaining(['lost masks (segmentation) 1', 'lost values of occluded 1']))
  })

  test('with keypoints, their visibility and the skeleton', async () => {
    const { frames, layout, metadata } = await json(people)
    expect(layout.root).toBe('/poses')
    expect(layout.axes.get('node')).toEqual(['nose', 'ear', 'tail'])
    expect(metadata.edge_inds).toEqual({ data: BigInt64Array.of(0n, 1n, 1n, 2n), shape: [2, 2] })
    expect(frames[0]).toMatchObject({
      frame: 1,
      records: [
        {
          individual: 0,
          identified: false,
          keypoints: [1.5, 2.5, NaN, NaN, 3, 4],
          visibility: [2, 0, 1],
          class: 'mouse',
        },
        { individual: 1, keypoints: [5, 6, 7, 8, 9, 1], score: 0.5 },
      ],
    })
  })

  test('as a list of results, whose images are the frames', async () => {
    const { frames } = await json([
      { image_id: 4, category_id: 2, bbox: [1, 2, 3, 4], score: 0.25 },
      { image_id: 3, category_id: 1, bbox: [5, 6, 7, 8], score: 0.5 },
    ])
    expect(frames).toEqual([
      { frame: 3, records: [{ individual: 0, class: 1, box: [5, 6, 7, 8], confidence: 0.5 }] },
      { frame: 4, records: [{ individual: 0, class: 2, box: [1, 2, 3, 4], confidence: 0.25 }] },
    ])
  })

  test('with several videos, each of which becomes a recording', async () => {
    const from = scratch('videos.json')
    const images = [0, 1].map((video) => ({ id: video, video_id: video, frame_id: 0, file_name: `${video}.jpg` }))
    writeFileSync(
      from,
      JSON.stringify({
        ...boxes,
        videos: [
          { id: 0, name: 'day/one' },
          { id: 1, name: 'two' },
        ],
        images,
        annotations: [{ image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] }],
      }),
    )
    const { recordings } = await convert(from, scratch('videos.h5'))
    expect(recordings).toEqual([
      { name: 'tracks_day_one', frames: 1 },
      { name: 'tracks_two', frames: 1 },
    ])
  })
})

describe('COCO goes out', () => {
  test.each([
    ['boxes', boxes],
    ['keypoints', people],
  ])('with %s, and in again as it was', async (_, document) => {
    const { to, frames } = await json(document)
    const [out, again] = [scratch('out.json'), scratch('again.h5')]
    await convert(to, out)
    await convert(out, again)
    expect((await contents(again)).frames.map(({ image: _, ...frame }) => frame)).toMatchObject(
      frames.map(({ image: _, ...frame }) => frame),
    )
    const written = JSON.parse(readFileSync(out, 'utf8'))
    expect(written.categories.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual(
      document.categories.map(({ id, name }) => [id, name]),
    )
  })

  test('as the format’s own rules ask for it, checked in Python', async () => {
    const from = scratch('poses.h5')
    const writer = new FrameWriter(
      from,
      poseLayout({ nodes: ['a', 'b'], edges: [['a', 'b']], dimensions: 2, max: 2 }),
      { metadata: { names: ['x'] } },
    )
    for (let frame = 0; frame < 40; frame++) {
      writer.writeFrame(
        frame,
        [
          {
            individual: 0,
            keypoints: [
              [frame / 3, 1],
              [NaN, NaN],
            ],
            confidence: [0.5, NaN],
            score: 0.25,
          },
        ],
        {},
      )
    }
    await writer.close()
    const out = scratch('poses.json')
    expect(said(await convert(from, out))).toEqual([
      'guessed boxes: the extent of the keypoints',
      'guessed sizes of images: left out, because the recording does not say them',
      'guessed file_name of images: the number of the frame',
      'lost attributes (names) 1',
    ])
    const program = `d = json.load(open(${JSON.stringify(out)}))
images = {i['id'] for i in d['images']}
cats = {c['id']: c for c in d['categories']}
assert len(images) == len(d['images']) == 40 and len({a['id'] for a in d['annotations']}) == 40
for a in d['annotations']:
  assert a['image_id'] in images and len(a['bbox']) == 4 and a['iscrowd'] in (0, 1) and a['area'] >= 0
  k = np.array(a['keypoints']).reshape(-1, 3)
  assert len(k) == len(cats[a['category_id']]['keypoints']) and a['num_keypoints'] == (k[:, 2] > 0).sum()
assert cats[1]['skeleton'] == [[1, 2]]
ours = np.array([a['keypoints'][:2] for a in d['annotations']], np.float32)
print(json.dumps(bool(np.array_equal(ours, f['poses/keypoints'][:, 0, 0]))))`
    expect(JSON.parse(await h5py(from, 'r', program))).toBe(true)
  })
})

describe('damaged files end in an error with file and place, and leave no output', () => {
  const text = JSON.stringify(boxes)
  test.each([
    ['the file is cut', text.slice(0, text.length - 99), /in\.json: byte \d+: the JSON ends early/],
    ['the text is no JSON', text.replace('"images":[', '"images":[,'), /near byte \d+: is not JSON: Unexpected COMMA/],
    [
      'an image is missing',
      text.replace('"image_id":5', '"image_id":6'),
      /annotations\[1\]: its image_id 6 is none of the images/,
    ],
    ['a box has three sides', text.replace('[1,2,3,4.125]', '[1,2,3]'), /annotations\[1\]\.bbox/],
    [
      'a track is twice in an image',
      text.replace('"track_id":2', '"track_id":4'),
      /annotations\[\d\]: its image has an annotation with track_id 4 already/,
    ],
    ['two images are one frame', text.replace('"frame_id":1', '"frame_id":2'), /images: two are frame 2/],
    ['a list nests without an end', `{"images":${'['.repeat(20_000_000)}`, /nest deeper than 100 levels/],
    ['there are no images', '{"annotations":[],"images":[]}', /images: there are none/],
  ])('%s', async (_, text, expected) => {
    const [from, to] = [scratch('in.json'), scratch('out.h5')]
    writeFileSync(from, text)
    const error = await failure(() => convert(from, to, { from: 'coco' }))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path: from })
    expect(error.message).toMatch(expected)
    expect(readdirSync(dirname(to))).toEqual([])
  })
})
