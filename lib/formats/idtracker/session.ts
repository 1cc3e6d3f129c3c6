/** What idtracker.ai's trajectories say, whichever kind of file they are in. (Source: its versions 3 to 6.) */
import type { Layout } from '../../layout/model.js'
import type { ReadOptions, Recording } from '../core/format.js'
import { attributesFrom } from '../dense/attributes.js'
import { pointsLayout } from '../dense/layout.js'

/** The values besides the trajectories, as the dict of version 6 names them. */
export type Facts = Readonly<Record<string, unknown>>

export interface Session {
  readonly metadata: Recording['metadata']
  layoutWith(slots: number): Layout
}

interface Contents {
  readonly animals: number
  readonly hasProbabilities: boolean
  readonly hasTime?: boolean
}

/** The layout and the attributes. `facts` are all values that are not arrays of frames. */
export function sessionOf(
  facts: Facts,
  { animals, hasProbabilities, hasTime = false }: Contents,
  options: ReadOptions,
): Session {
  const { report, fps: given } = options
  const { frames_per_second, identities_labels, stats, areas, video_path, length_unit, ...others } = facts
  const fps = given ?? (typeof frames_per_second === 'number' && frames_per_second > 0 ? frames_per_second : undefined)
  const labels = Array.isArray(identities_labels) ? identities_labels.map(String) : []
  const names = labels.length === animals ? labels : Array.from({ length: animals }, (_, i) => String(i + 1))
  const values: Record<string, unknown> = {
    source_software: 'idtracker.ai',
    ...others,
    ...(typeof stats === 'object' && stats !== null ? stats : {}),
    ...(typeof video_path === 'string' && { video_paths: [video_path] }),
    // -1 and None both say that no length was measured.
    ...(typeof length_unit === 'number' && length_unit > 0 && { length_unit }),
    ...(fps !== undefined && { fps }),
  }
  if (typeof areas === 'object' && areas !== null && !Array.isArray(areas)) {
    for (const [name, list] of Object.entries(areas)) values[`area_${name}`] = list
  }
  return {
    metadata: attributesFrom(values, report),
    layoutWith: (slots) =>
      pointsLayout({
        slots,
        dimensions: 2,
        precision: 'float64',
        unit: 'px',
        names,
        fields: hasProbabilities
          ? { confidence: { type: 'float64', optional: true, description: 'probability of the identity' } }
          : {},
        ...(hasTime && { perFrame: { time: { type: 'float64', unit: 's', optional: true } } }),
      }),
  }
}
