/** Reads the header of a CSV file: which column holds which field. */
import { Failure } from '../shared/exit.js'

/** The columns of a camera. A column is an index; -1 if the file does not have it. */
export interface CameraColumns {
  name: string
  /** left, top, width, height; null if the file has no boxes of this camera. */
  box: [number, number, number, number] | null
  detection: number
}

export interface Columns {
  header: readonly string[]
  frame: number
  fish: number
  position: [number, number, number]
  confidence: number
  residual: number
  nCameras: number
  confirmed: number
  cameras: CameraColumns[]
  /** From the suffixes of the columns (`x_cm`); undefined if they have none. */
  positionUnits: string | undefined
  residualUnits: string | undefined
  /** Names of the columns that the import does not know. */
  ignored: string[]
  /** Indices of the columns without a name. */
  unnamed: number[]
  /** Number of columns up to the last one with a name. */
  named: number
}

const BOX = ['left', 'top', 'width', 'height'] as const
const DETECTION = '_det_index'

/**
 * @param wanted the cameras to import, in this order; undefined for every camera in the header
 * @throws Failure that names a column that is missing, duplicated or ambiguous
 */
export function readHeader(header: readonly string[], wanted: readonly string[] | undefined): Columns {
  const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i)
  if (twice !== undefined) throw new Failure(`the header has two columns ${JSON.stringify(twice)}`)
  if (header.some((name) => name.includes('\ufffd')))
    throw new Failure('the header is not UTF-8 text: save the file as UTF-8')
  const used = new Set<number>()
  const find = (name: string): number => {
    const index = header.indexOf(name)
    if (index >= 0) used.add(index)
    return index
  }

  const cameras = (wanted ?? camerasOf(header)).map((name) => cameraColumns(name, header, find))
  // Columns of cameras do not give units: x_left belongs to the box of a camera named x.
  const plain = header.filter((_, i) => !used.has(i))
  const frame = find('frame')
  const fish = find(header.includes('fish_id') ? 'fish_id' : 'id')
  const positionSuffix = suffixOf(['x', 'y', 'z'], plain)
  if (frame < 0 || fish < 0 || positionSuffix === undefined) {
    const missing = [frame < 0 && 'frame', fish < 0 && 'id or fish_id', positionSuffix === undefined && 'x, y, z']
    const list = missing.filter(Boolean).join('; ')
    throw new Failure(`the header lacks ${list}; it has ${header.map((name) => JSON.stringify(name)).join(', ')}`)
  }
  const residualSuffix = suffixOf(['residual'], plain)
  const columns = {
    header,
    frame,
    fish,
    position: [find(`x${positionSuffix}`), find(`y${positionSuffix}`), find(`z${positionSuffix}`)] as [
      number,
      number,
      number,
    ],
    confidence: find('confidence'),
    residual: residualSuffix === undefined ? -1 : find(`residual${residualSuffix}`),
    nCameras: find('n_cameras'),
    confirmed: find('confirmed'),
    cameras,
    positionUnits: positionSuffix.slice(1) || undefined,
    residualUnits: residualSuffix?.slice(1) || undefined,
  }
  return {
    ...columns,
    ignored: header.filter((name, i) => name !== '' && !used.has(i)),
    unnamed: header.flatMap((name, i) => (name === '' ? [i] : [])),
    named: header.findLastIndex((name) => name !== '') + 1,
  }
}

/** The cameras in the order of the header: the names before _left, _top, _width, _height or _det_index. */
function camerasOf(header: readonly string[]): string[] {
  const suffixes = [...BOX.map((part) => `_${part}`), DETECTION]
  const names = header.flatMap((column) => {
    const suffix = suffixes.find((ending) => column.endsWith(ending) && column.length > ending.length)
    return suffix === undefined ? [] : [column.slice(0, -suffix.length)]
  })
  return [...new Set(names)]
}

function cameraColumns(name: string, header: readonly string[], find: (name: string) => number): CameraColumns {
  const detection = find(`${name}${DETECTION}`)
  const missing = BOX.filter((part) => !header.includes(`${name}_${part}`))
  if (missing.length === BOX.length && detection >= 0) return { name, box: null, detection }
  if (missing.length > 0) {
    throw new Failure(
      `camera ${JSON.stringify(name)} lacks the ${missing.length === 1 ? 'column' : 'columns'} ${missing.map((part) => `${name}_${part}`).join(', ')} (--cameras names the cameras to take)`,
    )
  }
  const box = BOX.map((part) => find(`${name}_${part}`)) as [number, number, number, number]
  return { name, box, detection }
}

/** The suffix ('' or '_unit') that all the names have in the header; undefined if there is none. */
function suffixOf(names: readonly string[], header: readonly string[]): string | undefined {
  const [first = ''] = names
  const suffixes = header
    .filter((column) => column === first || column.startsWith(`${first}_`))
    .map((column) => column.slice(first.length))
    .filter((suffix) => names.every((name) => header.includes(name + suffix)))
  if (suffixes.length > 1) {
    throw new Failure(
      `the header has more than one ${names.join(', ')}: ${suffixes.map((suffix) => first + suffix).join(', ')}`,
    )
  }
  return suffixes[0]
}
