/** The options of `tail`. */
export interface TailOptions {
  follow: boolean
  lines: number
  json: boolean
  acceptLoss: boolean
  layout?: string
}
