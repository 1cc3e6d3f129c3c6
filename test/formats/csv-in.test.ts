import { readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { convert } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { scratch } from '../support/scratch.js'
import { table } from './csv.js'

describe('the columns of a long table', () => {
  test('are known by the names that trackers and people use, in any case', async () => {
    for (const header of [
      'frame,id,x,y',
      'Frame,ID,X,Y',
      'FRAME,Track_ID,pos_x,pos_y',
      'frame_idx,particle,cx,cy',
      'Frame Number,trajectory,X (px),Y (px)',
    ]) {
      const { frames } = await table(`${header}\n4,2,1.5,2.5\n4,0,3,4\n6,2,5,\n`)
      expect(frames, header).toEqual([
        {
          frame: 4,
          records: [
            { individual: 0, x: 3, y: 4 },
            { individual: 2, x: 1.5, y: 2.5 },
          ],
        },
        { frame: 6, records: [{ individual: 2, x: 5, y: NaN }] },
      ])
    }
  })

  test('are those that are named, and a missing one is an error with the names of the header', async () => {
    const text = 'n,who,a,b\n1,2,3,4\n'
    const { frames } = await table(text, { columns: { frame: 'n', id: 'who', x: 'a', y: 'B' } })
    expect(frames).toEqual([{ frame: 1, records: [{ individual: 2, x: 3, y: 4 }] }])
    const error = await failure(() => table(text))
    expect(error).toMatchObject({ code: 'ERR_FORMAT' })
    expect(error.message).toMatch(/in\.csv.*(header|none of the formats)/)
    expect(await failure(() => table(text, { columns: { frame: 'k' } }))).toMatchObject({ code: 'ERR_FORMAT' })
    expect(await failure(() => table(text, { columns: { fram: 'n' } }))).toMatchObject({ field: 'columns' })
  })

  test('may be named in their order, if there is no header', async () => {
    const { frames } = await table('1 2 3 4 9\n2 2 5 6 9\n', { columns: ['frame', 'id', 'x', 'y', 'speed'] }, 'in.txt')
    expect(frames[1]).toEqual({ frame: 2, records: [{ individual: 2, x: 5, y: 6, speed: 9 }] })
    const error = await failure(() => table('1,2,3\n', { from: 'csv' }))
    expect(error.message).toMatch(/line 1: the first row holds 3 numbers, and no header; .*--columns frame,id,x,y/)
  })

  test('that are not known are kept in fields of their own: numbers, texts and truths', async () => {
    const text =
      'frame,id,x,y,head angle,sex,moving,n\n1,0,1,2,0.1234567890123456,female,True,1\n1,1,1,2,,male,,2\n2,0,1,2,-1e-300,"a ""b"", c",false,x\n'
    const { frames } = await table(text)
    expect(frames).toEqual([
      {
        frame: 1,
        records: [
          { individual: 0, x: 1, y: 2, 'head angle': 0.1234567890123456, sex: 'female', moving: 'true', n: '1' },
          { individual: 1, x: 1, y: 2, 'head angle': NaN, sex: 'male', moving: 'unknown', n: '2' },
        ],
      },
      {
        frame: 2,
        records: [{ individual: 0, x: 1, y: 2, 'head angle': -1e-300, sex: 'a "b", c', moving: 'false', n: 'x' }],
      },
    ])
  })

  test('may hold boxes with fractions, by their sides or their corners', async () => {
    for (const columns of ['left,top,width,height', 'bb_left,bb_top,bb_width,bb_height']) {
      const { frames } = await table(`frame,id,${columns},class\n1,1,10.25,20.5,30.75,40,car\n`)
      expect(frames[0]!.records).toEqual([{ individual: 1, box: [10.25, 20.5, 30.75, 40], class: 'car' }])
    }
    for (const columns of ['xmin,ymin,xmax,ymax', 'x1,y1,x2,y2']) {
      const { frames } = await table(`frame,id,${columns}\n1,1,10.25,20.5,41,60.5\n`)
      expect(frames[0]!.records).toEqual([{ individual: 1, box: [10.25, 20.5, 30.75, 40] }])
    }
  })

  test('may hold keypoints, whose names become the nodes', async () => {
    const { frames, layout } = await table(
      'frame,id,nose.x,nose.y,nose.score,tail.x,tail.y,tail.score\n1,5,1,2,0.5,3,,0.25\n',
    )
    expect(layout.axes.get('node')).toEqual(['nose', 'tail'])
    expect(frames[0]!.records).toEqual([{ individual: 5, keypoints: [1, 2, NaN, NaN], confidence: [0.5, 0.25] }])
  })
})

describe('identities', () => {
  test('may be names, which the attribute names holds', async () => {
    const { frames, metadata } = await table('frame,id,x,y\n1,anna,1,2\n1,otto,3,4\n2,otto,5,6\n')
    expect(metadata.names).toEqual(['anna', 'otto'])
    expect(frames[1]).toEqual({ frame: 2, records: [{ individual: 1, x: 5, y: 6 }] })
  })

  test('that become names late, and names beside numbers, are read as well', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `${i},7,1,2`).join('\n')
    const { metadata } = await table(`frame,id,x,y\n${many}\n9000,ben,1,2\n`)
    expect(metadata.names).toEqual(['7', 'ben'])
    const named = await table('frame,id,name,x,y\n1,2,ida,1,2\n1,0,uwe,1,2\n')
    expect(named.metadata.names).toEqual(['uwe', '', 'ida'])
  })

  test('that are missing or -1 make detections, numbered in each frame', async () => {
    const { frames, said } = await table('frame,id,x,y\n1,-1,1,2\n1,4,3,4\n1,,5,6\n2,4,1,1\n')
    expect(frames[0]!.records).toEqual([
      { individual: 4, x: 3, y: 4, identified: true },
      { individual: 5, x: 1, y: 2, identified: false },
      { individual: 6, x: 5, y: 6, identified: false },
    ])
    expect(said).toContain('guessed identities: some rows have no id: such detections are numbered in each frame')
  })

  test('that occur twice in a frame are an error with both lines', async () => {
    const error = await failure(() => table('frame,id,x,y\n1,3,1,2\n1,4,1,2\n1,3,5,6\n'))
    expect(error).toMatchObject({ code: 'ERR_FORMAT' })
    expect(error.message).toMatch(/in\.csv: line 4: frame 1 has id 3 twice, first in line 2; .*--columns/)
  })
})

describe('the form of a table', () => {
  const text = 'frame;id;x;y\n1;2;1,5;2,5\n'
  const expected = [{ frame: 1, records: [{ individual: 2, x: 1.5, y: 2.5 }] }]

  test('its delimiter and decimal mark are found out, and reported', async () => {
    const { frames, said } = await table(text)
    expect(frames).toEqual(expected)
    expect(said).toEqual(expect.arrayContaining(['guessed delimiter: ;', 'guessed decimal mark: comma: 1,5 is 1.5']))
    expect((await table(text, { delimiter: ';', decimal: ',' })).frames).toEqual(expected)
    expect((await table(text.replaceAll(';', '\t'), { decimal: ',' }, 'in.tsv')).frames).toEqual(expected)
  })

  test('it may be UTF-16 with a byte order mark, gzip or zstd', async () => {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect((await table(little)).frames).toEqual(expected)
    expect((await table(Buffer.from(little).swap16())).frames).toEqual(expected)
    expect((await table(Buffer.from(`\ufeff${text}`))).frames).toEqual(expected)
    expect((await table(gzipSync(text), {}, 'in.csv.gz')).frames).toEqual(expected)
    expect((await table(storedZstd(text), {}, 'in.csv.zst')).frames).toEqual(expected)
  })

  test('its comments, its line that names the delimiter, and rows of units are left out', async () => {
    expect((await table(`sep=;\n${text}`)).frames).toEqual(expected)
    expect((await table(`# made by me\n${text}\n# the end\n`)).frames).toEqual(expected)
    expect((await table('# frame id x y\n1 2 1.5 2.5\n')).frames).toEqual(expected)
    const trackMate = await table(
      'FRAME,TRACK_ID,POSITION_X,POSITION_Y\nFrame,Track ID,X,Y\nFrame,Track ID,X,Y\n,,(pixel),(pixel)\n1,2,1.5,2.5\n',
    )
    expect(trackMate.frames).toEqual(expected)
    expect(trackMate.said).toContain('guessed rows below the header that hold no numbers: 3, left out')
  })
})

/** A frame of zstd with one block, which is stored. */
function storedZstd(text: string): Buffer {
  const block = (text.length << 3) | 1
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length, block & 255, block >> 8, 0]),
    Buffer.from(text),
  ])
}

test('a wide table has a group of columns for each animal, with or without frame numbers', async () => {
  const { frames, metadata } = await table('frame,a_x,a_y,b_x,b_y,light\n3,1,2,,,7\n4,,,,,8\n')
  expect(metadata.names).toEqual(['a', 'b'])
  expect(frames).toEqual([
    { frame: 3, light: 7, records: [{ individual: 0, x: 1, y: 2 }] },
    { frame: 4, light: 8, records: [] },
  ])
  const times = 'seconds,x1,y1,x2,y2\n0,1,2,3,4\n0.5,1,2,3,4\n'
  expect((await table(times)).frames.map(({ frame, time }) => [frame, time])).toEqual([
    [0, 0],
    [1, 0.5],
  ])
  expect((await table(times, { fps: 30 })).frames.map(({ frame }) => frame)).toEqual([0, 15])
  expect((await failure(() => table(times, { fps: 0.5 }))).message).toMatch(/the times 0 and 0.5 are the same frame/)
})

test('rows that are sorted by animal are sorted by frame', async () => {
  const rows = [0, 1, 2].flatMap((id) =>
    Array.from({ length: 2000 }, (_, frame) => `${frame},${id},${frame / 4},${id}`),
  )
  const { frames } = await table(`frame,id,x,y\n${rows.join('\n')}\n`)
  expect(frames.length).toBe(2000)
  expect(frames[1999]).toEqual({ frame: 1999, records: [0, 1, 2].map((id) => ({ individual: id, x: 499.75, y: id })) })
})

describe('damaged and odd tables end in an error with file, line and remedy, and leave no output', () => {
  const header = 'frame,id,x,y\n1,1,2,3\n'
  test.each([
    ['a row is short', `${header}1,2,3\n`, /in\.csv: line 3: 3 cells, where the header has 4/],
    ['a row is long', `${header}1,2,3,4,5\n`, /line 3: 5 cells/],
    ['a coordinate is a word', `${header}1,2,here,4\n`, /line 3, column 'x': "here" is not a number/],
    ['a frame has a fraction', `${header}1.5,2,3,4\n`, /line 3, column 'frame': 1\.5 is not an integer/],
    ['a frame is empty', `${header},2,3,4\n`, /line 3, column 'frame': is empty/],
    ['an id is negative', `${header}1,-5,3,4\n`, /line 3, column 'id': -5 must be an integer from 0/],
    ['a quote stays open', `${header}1,2,"3,4\n`, /line 3: not a row of a table/],
    ['there are no rows', 'frame,id,x,y\n', /a header and no rows/],
    ['there is nothing', ' \n', /.*/],
  ])('%s', async (_, text, expected) => {
    const [from, to] = [scratch('in.csv'), scratch('out.h5')]
    writeFileSync(from, text)
    const error = await failure(() => convert(from, to, { from: 'csv' }))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path: from })
    expect(error.message).toMatch(expected)
    expect(readdirSync(dirname(to))).toEqual([])
  })

  test('compressed tables that end early', async () => {
    const bytes = gzipSync(Buffer.from(header.repeat(1) + '2,1,2,3\n'.repeat(50_000)))
    const error = await failure(() => table(bytes.subarray(0, bytes.length / 2), {}, 'cut.csv.gz'))
    expect(error).toMatchObject({ code: 'ERR_FORMAT' })
    expect(error.message).toMatch(/cut\.csv\.gz: cannot be decompressed/)
  })
})
