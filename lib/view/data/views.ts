/** The views of a layout: what can be drawn where. */
import type { Field, Layout } from '../../layout/model.js'
import { Facts } from './facts.js'
import { type PartPlan, partsOf } from './parts.js'
import { confidenceIn } from './roles.js'
import type { RowFacts } from './rows.js'

/** A view, and how its windows are made. */
export interface ViewPlan {
  readonly title: string
  readonly dimensions: 2 | 3
  readonly down: boolean
  readonly unit: string | null
  readonly size: readonly number[] | null
  /** The camera whose image it is. */
  readonly camera: string | null
  readonly parts: readonly PartPlan[]
  /** The field with the confidence of an animal. */
  readonly confidence: Field | undefined
}

/** The views of a layout: space, the plane of 2D positions, and the image of each camera. */
export function viewsOf({ layout, cameraNames, metadata }: RowFacts): ViewPlan[] {
  const facts = new Facts(metadata, layout)
  const records = layout.fields.filter(({ perFrame, perCamera }) => !perFrame && !perCamera)
  const inImages = layout.fields.filter(({ perCamera }) => perCamera)
  const parts = partsOf(layout, records, facts)
  const flat = parts.filter(({ dimensions }) => dimensions === 2)
  const ofCameras = partsOf(layout, inImages, facts).filter(({ dimensions }) => dimensions === 2)
  const confidence = confidenceIn(records)
  const space: ViewPlan = {
    ...{ title: '3D', dimensions: 3, down: false, camera: null, size: facts.tank, confidence },
    unit: unitOf(parts, 3) ?? facts.texts('position_units')[0] ?? null,
    parts: parts.filter(({ dimensions }) => dimensions === 3),
  }
  const image = { dimensions: 2, down: true, unit: 'px', size: facts.image, confidence } as const
  const [only] = cameraNames.length === 1 ? cameraNames : []
  const unit = unitOf(flat, 2)
  const down = unit === null || /^(px|pixels?)$/i.test(unit)
  const plane: ViewPlan = {
    ...image,
    title: only ?? (down ? 'Image' : 'Plane'),
    down,
    unit,
    camera: only ?? null,
    parts: flat,
  }
  // With one camera, positions in pixels are positions in its image.
  const isInImage = only !== undefined && down && flat.length > 0
  const cameras = (ofCameras.length === 0 ? [] : cameraNames).map((camera): ViewPlan => {
    const own = isInImage ? [...flat, ...ofCameras] : ofCameras
    return { ...image, title: camera, camera, parts: own }
  })
  const all = isInImage && cameras.length > 0 ? [space, ...cameras] : [space, plane, ...cameras]
  return all.filter((view) => view.parts.length > 0)
}

function unitOf(parts: readonly PartPlan[], dimensions: 2 | 3): string | null {
  return parts.find((part) => part.dimensions === dimensions)?.fields[0]?.unit ?? null
}

/** What an animal of a layout is called. */
export function nounOf({ root, key }: Layout): string {
  if (root === '/tracking' || root === '/midlines') return 'fish'
  return key
    ? key.name
        .replace(/_?id$/i, '')
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase() || 'animal'
    : root.slice(1)
}
