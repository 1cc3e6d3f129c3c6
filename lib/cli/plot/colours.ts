/** Chooses a colour for each animal. */

/** Ten colours that are easy to distinguish. */
const PALETTE = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#3ca951',
  '#6cc5b0',
  '#a463f2',
  '#ff8ab7',
  '#9c6b4e',
  '#97bbf5',
  '#8a94a0',
]

export type ColourOf = (id: number) => string

/** Of more animals, neighbours by id get hues a golden angle apart, and one of three lightnesses. */
export function colours(ids: readonly number[]): ColourOf {
  const many = ids.length > PALETTE.length
  const byId = new Map(ids.map((id, i) => [id, many ? spread(i) : PALETTE[i]!]))
  return (id) => byId.get(id)!
}

function spread(i: number): string {
  const hue = Math.round(i * 137.508) % 360
  return `hsl(${hue},${[65, 75, 55][i % 3]}%,${[46, 34, 60][i % 3]}%)`
}
