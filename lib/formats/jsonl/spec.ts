/** The description of a layout as JSON, in the header of JSON lines. */
import { H5TracksError } from '../../base/errors.js'
import { defineLayout } from '../../layout/define.js'
import type { Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'

/** The description of a layout, without its attributes, which are metadata of a file. */
export function specJson({ spec }: Layout): string {
  const { attributes: _, cameras: __, ...rest } = spec as LayoutSpec
  return JSON.stringify(rest, (key, value: unknown) => {
    if (typeof value === 'bigint') return Number(value)
    // The default of floats.
    if (key === 'fill' && Number.isNaN(value)) return undefined
    return typeof value === 'number' && !Number.isFinite(value) ? `number:${value}` : value
  })
}

/** The layout that a header describes. Throws ERR_INVALID_ARGUMENT, which names what is wrong. */
export function layoutFromJson(spec: unknown): Layout {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
    throw new H5TracksError('the spec is not an object', { code: 'ERR_INVALID_ARGUMENT', field: 'spec' })
  }
  const text = JSON.stringify(spec)
  return defineLayout(
    JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && /^number:-?(Infinity|NaN)$/.test(value) ? Number(value.slice(7)) : value,
    ) as LayoutSpec,
  )
}
