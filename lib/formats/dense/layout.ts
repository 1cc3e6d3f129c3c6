/** The layout of animals that are points. */
import { defineLayout } from '../../layout/define.js'
import type { Layout } from '../../layout/model.js'
import type { FieldSpecs, LayoutSpec } from '../../layout/spec.js'

export interface PointsDescription {
  readonly slots: number
  readonly dimensions: 2 | 3
  /** The type that holds the coordinates exactly. */
  readonly precision: 'float32' | 'float64'
  readonly unit?: string
  /** The names of the animals: that of animal i is `names[i]`. */
  readonly names?: readonly string[]
  /** Fields besides `x`, `y` and `z`. */
  readonly fields?: FieldSpecs
  readonly perFrame?: FieldSpecs
  readonly attributes?: LayoutSpec['attributes']
  /** Default: 'tracks'. */
  readonly group?: string
}

/** A record has `x`, `y` (and `z`) and the fields that the file has besides. */
export function pointsLayout({
  group = 'tracks',
  slots,
  dimensions,
  precision,
  unit,
  names = [],
  ...more
}: PointsDescription): Layout {
  const coordinate = { type: precision, ...(unit !== undefined && { unit }) } as const
  return defineLayout({
    group,
    slots: { name: 'individual', max: slots },
    ...(more.perFrame && { perFrame: more.perFrame }),
    fields: { x: coordinate, y: coordinate, ...(dimensions === 3 && { z: coordinate }), ...more.fields },
    ...(more.fields && 'box' in more.fields && { axes: { side: ['x', 'y', 'width', 'height'] } }),
    attributes: { ...(names.length > 0 && { names }), ...more.attributes },
  }) as Layout
}
