export interface TailOptions {
  follow: boolean
  lines: number
  json: boolean
  acceptLoss: boolean
}
