/** The layout of poses that were read from another program's file. */
import { defineLayout } from '../../layout/define.js'
import type { Layout } from '../../layout/model.js'
import type { FieldSpecs, LayoutSpec } from '../../layout/spec.js'
import { poseLayout } from '../../layouts/pose.js'

export type Precision = 'float32' | 'float64'

/** What a file of another program says about its poses. */
export interface PoseDescription {
  readonly group: string
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
  readonly dimensions: 2 | 3
  /** Number of animals that a frame holds at most. */
  readonly slots: number
  /** The type that holds the coordinates exactly. */
  readonly precision: Precision
  /** The type that holds confidences and scores exactly. Default: float32. */
  readonly scores?: Precision
  /** Fields besides those of `poseLayout`. */
  readonly fields?: FieldSpecs
  readonly perFrame?: FieldSpecs
  /** The names of the animals: that of individual i is `names[i]`. */
  readonly names: readonly string[]
  readonly attributes?: LayoutSpec['attributes']
}

/**
 * `poseLayout` with the fields that the file has besides. Coordinates take float64 where float32 would round them. A node of which only
 * one coordinate is known is kept as it is.
 */
export function posesOf(description: PoseDescription): Layout {
  const { group, nodes, edges, dimensions, slots, precision, scores = 'float32', names } = description
  const { spec } = poseLayout({ group, nodes, edges, dimensions, max: slots })
  const { keypoints, confidence, score } = spec.fields
  return defineLayout({
    ...(spec as LayoutSpec),
    perFrame: { ...spec.perFrame, ...description.perFrame },
    fields: {
      keypoints: { ...keypoints, type: precision, partial: 'keep' },
      confidence: { ...confidence, type: scores },
      score: { ...score, type: scores },
      ...description.fields,
    },
    attributes: {
      ...(spec as LayoutSpec).attributes,
      ...(names.length > 0 && { names }),
      ...description.attributes,
    },
  }) as Layout
}

/** True if a float32 holds all these numbers exactly. */
export function fitsFloat32(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false
  }
  return true
}

/** Names for groups of an HDF5 file, distinct and without '/': `clip_2`. */
export function distinctGroups(wanted: readonly string[]): string[] {
  const taken = new Set<string>()
  return wanted.map((name) => {
    const base = name.replace(/[/\0]/g, '_').replace(/^\.+$/, '_') || 'poses'
    let group = base
    for (let n = 2; taken.has(group); n++) group = `${base}_${n}`
    taken.add(group)
    return group
  })
}
