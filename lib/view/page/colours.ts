/** The colour of an animal, by its id alone: it stays, whichever animals there are. */

const first = [
  ...['#4cc9f0', '#ffb703', '#ff5d5d', '#70e000', '#b388ff', '#ff9ee2'],
  ...['#2ec4b6', '#f77f00', '#d9ed92', '#5b8cff', '#e85dff', '#d4a373'],
] as const

export function colourOf(id: number): string {
  const known = first[id]
  if (known) return known
  // Successive hues are the golden angle apart; lightness tells neighbours on the circle apart.
  return hex((id * 137.508) % 360, [0.85, 0.65, 0.95][id % 3]!, [0.64, 0.74, 0.54][Math.floor(id / 3) % 3]!)
}

function hex(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const part = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return `#${[part(0), part(8), part(4)].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
