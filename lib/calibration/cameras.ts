/** The cameras that the values of a calibration describe. */
import { H5TracksError } from '../base/errors.js'
import { PinholeCamera } from '../tracker/association/pinhole.js'
import { RefractiveCamera } from '../tracker/association/refractive.js'
import { type Described, describe } from './describe.js'
import { numbersOf, rotationOf, square } from './matrices.js'
import type { Tree } from './parse.js'

/** Cameras by their names. */
export type Calibration = Readonly<Record<string, PinholeCamera | RefractiveCamera>>

type Refuse = (why: string) => Error

/** Makes the cameras; throws what `refuse` returns if one of them is incomplete. */
export function camerasOf(tree: Tree, undistorted: boolean, refuse: Refuse): Calibration {
  const described = describe(tree)
  if (described.length === 0) {
    throw refuse(
      'no camera matrix is in it. It is looked for under the names matrix, camera_matrix, cameraMatrix, K and mtx',
    )
  }
  const posed = described.filter(({ R, t }) => R !== undefined || t !== undefined)
  if (described.length > 1 && posed.length === 0) {
    throw refuse(
      `it has ${described.length} cameras, none with a rotation and translation, so that nobody can tell where they are. ` +
        'Merge it with the file of the extrinsic parameters (R, T)',
    )
  }
  const water = interfaceOf(tree, refuse)
  const cameras: Record<string, PinholeCamera | RefractiveCamera> = Object.create(null)
  for (const camera of described) {
    const { name } = camera
    if (name in cameras) throw refuse(`two cameras are called "${name}". Give each a name of its own`)
    try {
      cameras[name] = cameraOf(camera, described.length === 1, undistorted, water)
    } catch (error) {
      if (!(error instanceof H5TracksError)) throw error
      throw refuse(`camera "${name}": ${error.message}`)
    }
  }
  return cameras
}

interface Water {
  readonly nAir?: number
  readonly nWater?: number
}

/** AquaCal's `interface`: the water surface, which has to be level. */
function interfaceOf(tree: Tree, refuse: Refuse): Water {
  const surface = tree.interface
  if (typeof surface !== 'object' || surface === null) return {}
  const { normal, n_air, n_water } = surface as Tree
  const [x, y] = numbersOf(normal) ?? [0, 0]
  if (Math.abs(x!) > 1e-6 || Math.abs(y!) > 1e-6) {
    throw refuse(
      `its water surface is tilted (interface.normal is [${numbersOf(normal)}]). Expected [0, 0, -1] or [0, 0, 1]`,
    )
  }
  return {
    ...(n_air !== undefined && { nAir: n_air as number }),
    ...(n_water !== undefined && { nWater: n_water as number }),
  }
}

function cameraOf(camera: Described, alone: boolean, undistorted: boolean, water: Water): Calibration[string] {
  const fail = (why: string) => new H5TracksError(why, { code: 'ERR_FORMAT' })
  const list = (what: string, value: unknown, counts: readonly number[]): number[] => {
    const numbers = numbersOf(value)
    if (numbers && counts.includes(numbers.length)) return numbers
    const found = numbers ? `${numbers.length} numbers` : 'something else'
    throw fail(`its ${what} must be ${counts.join(' or ')} numbers; found ${found}`)
  }
  const K = square(list('camera matrix', camera.K, [9]))
  const { R: rotation, t: translation, size, waterZ } = camera
  if ((rotation === undefined) !== (translation === undefined) || (rotation === undefined && !alone)) {
    throw fail(`it has no ${rotation === undefined ? 'rotation' : 'translation'}`)
  }
  const turn = rotation === undefined ? [0, 0, 0] : list('rotation', rotation, [3, 9])
  const t = translation === undefined ? [0, 0, 0] : list('translation', translation, [3])
  const R = turn.length === 9 ? square(turn) : rotationOf(turn as [number, number, number])
  const distortion = numbersOf(camera.distortion ?? [])
  if (distortion === undefined) throw fail('its distortion coefficients are not numbers')
  const known = numbersOf(size)
  const options = {
    K,
    R,
    t,
    ...(!undistorted && { distortion, fisheye: camera.fisheye }),
    ...(known?.length === 2 && { size: [Math.round(known[0]!), Math.round(known[1]!)] as const }),
  }
  if (waterZ === undefined) return new PinholeCamera(options)
  return new RefractiveCamera({ ...options, waterZ: waterZ as number, ...water })
}
