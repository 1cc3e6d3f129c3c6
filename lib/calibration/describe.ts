/** Finds the descriptions of cameras in the values of a file, by the names that programs give them. */
import { numbersOf } from './matrices.js'
import type { Tree } from './parse.js'

/** What a file says of one camera; nothing is checked. */
export interface Described {
  readonly name: string
  readonly K: unknown
  readonly distortion: unknown
  readonly fisheye: boolean
  readonly R: unknown
  readonly t: unknown
  readonly size: unknown
  readonly waterZ: unknown
}

/** In lower case, without `_` and blanks. */
const NAMES = {
  K: ['matrix', 'cameramatrix', 'k', 'mtx', 'intrinsicmatrix', 'intrinsics', 'intrinsic', 'm'],
  distortion: [
    'distortions',
    'distortion',
    'distortioncoefficients',
    'distortioncoeffs',
    'distcoeffs',
    'distcoef',
    'dist',
    'd',
  ],
  R: ['rotation', 'rotationmatrix', 'r', 'rvec', 'rotationvector'],
  t: ['translation', 't', 'tvec', 'translationvector'],
  size: ['size', 'imagesize', 'resolution'],
  width: ['imagewidth', 'width'],
  height: ['imageheight', 'height'],
  name: ['name', 'cameraname'],
  fisheye: ['fisheye', 'isfisheye'],
  model: ['distortionmodel', 'cameramodel'],
  waterZ: ['waterz', 'interfacedistance'],
} as const

type Role = keyof typeof NAMES
const DEEPEST = 6
/** What may follow the name of a camera matrix if the values of several cameras stand side by side: `K1`, `camera_matrix_left`. */
const SUFFIX = new RegExp(`^(?:${NAMES.K.join('|')})(\\d+|left|right|l|r)$`)

const plain = (name: string) => name.toLowerCase().replace(/[_\s-]/g, '')
const isMap = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of a role in a map, with the suffix after its name. */
function valueFor(map: Tree, role: Role, suffix = ''): unknown {
  for (const known of NAMES[role]) {
    for (const [name, value] of Object.entries(map)) if (plain(name) === known + suffix) return value
  }
  return undefined
}

/** All cameras of a tree, in the order of the file. */
export function describe(tree: Tree, name = 'camera', depth = 0): Described[] {
  if (depth > DEEPEST) return []
  const map = merged(tree)
  const K = valueFor(map, 'K')
  if (numbersOf(K) !== undefined) return [cameraIn(map, name, '')]
  const numbered = numberedIn(map)
  if (numbered.length > 0) return numbered
  return Object.entries(map).flatMap(([key, value]) => {
    if (isMap(value)) return describe(value, key, depth + 1)
    if (!Array.isArray(value)) return []
    return value.flatMap((element, i) => (isMap(element) ? describe(element, `${key}${i}`, depth + 1) : []))
  })
}

/** A map with the values of its parts `intrinsics` and `extrinsics`. */
function merged(map: Tree): Tree {
  const parts = ['intrinsics', 'extrinsics', 'intrinsic', 'extrinsic'].map((part) => map[part]).filter(isMap)
  return parts.length === 0 ? map : Object.assign(Object.create(null), ...parts, map)
}

function cameraIn(map: Tree, key: string, suffix: string): Described {
  const value = (role: Role) => valueFor(map, role, suffix)
  const size = value('size') ?? [valueFor(map, 'width', suffix), valueFor(map, 'height', suffix)]
  const model = String(valueFor(map, 'model') ?? '')
  return {
    name: suffix === '' ? String(value('name') ?? key) : key,
    K: value('K'),
    distortion: value('distortion'),
    fisheye: Boolean(valueFor(map, 'fisheye')) || /fisheye|equidistant|kannala/i.test(model),
    R: value('R'),
    t: value('t'),
    size,
    waterZ: value('waterZ'),
  }
}

/** Cameras whose values stand side by side in one map. Of a stereo pair, `R` and `T` lead from the first camera to the second. */
function numberedIn(map: Tree): Described[] {
  const suffixes = new Set<string>()
  for (const [name, value] of Object.entries(map)) {
    const suffix = SUFFIX.exec(plain(name))?.[1]
    if (suffix !== undefined && numbersOf(value)?.length === 9) suffixes.add(suffix)
  }
  const cameras = [...suffixes].map((suffix) => cameraIn(map, `camera_${suffix}`, suffix))
  const [R, t] = [valueFor(map, 'R'), valueFor(map, 't')]
  const [first, second] = cameras
  if (first === undefined || second === undefined || cameras.length > 2 || R === undefined || t === undefined)
    return cameras
  // The R1 and R2 of such a file are the rotations of rectification.
  return [
    { ...first, R: [0, 0, 0], t: [0, 0, 0] },
    { ...second, R, t },
  ]
}
