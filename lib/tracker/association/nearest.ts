/** Triangulates a point from rays. */
import type { Vector } from '../../base/vectors.js'

/** The line of sight of a pixel in world coordinates; `direction` is a unit vector. */
export interface Ray {
  origin: Vector
  direction: Vector
}

/**
 * The point with the smallest sum of squared distances to the lines of the rays: the solution p of
 * sum(I - d dᵀ) p = sum(I - d dᵀ) o. null for a single ray or parallel rays.
 */
export function nearestPoint(rays: readonly Ray[]): Vector | null {
  let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0]
  let [bx, by, bz] = [0, 0, 0]
  for (const { origin, direction } of rays) {
    const [dx, dy, dz] = direction
    const along = origin[0] * dx + origin[1] * dy + origin[2] * dz
    xx += 1 - dx * dx
    xy -= dx * dy
    xz -= dx * dz
    yy += 1 - dy * dy
    yz -= dy * dz
    zz += 1 - dz * dz
    bx += origin[0] - along * dx
    by += origin[1] - along * dy
    bz += origin[2] - along * dz
  }
  // The inverse of a symmetric 3 x 3 matrix from its cofactors.
  const cxx = yy * zz - yz * yz
  const cxy = xz * yz - xy * zz
  const cxz = xy * yz - xz * yy
  const determinant = xx * cxx + xy * cxy + xz * cxz
  // The determinant is 0 for parallel rays, and 2 sin²a for two rays at an angle a.
  if (!(determinant > 1e-12 * rays.length ** 3)) return null
  const cyy = xx * zz - xz * xz
  const cyz = xy * xz - xx * yz
  const czz = xx * yy - xy * xy
  return [
    (cxx * bx + cxy * by + cxz * bz) / determinant,
    (cxy * bx + cyy * by + cyz * bz) / determinant,
    (cxz * bx + cyz * by + czz * bz) / determinant,
  ]
}
