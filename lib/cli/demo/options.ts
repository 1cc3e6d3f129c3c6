/** The options of `demo`. */
export interface DemoOptions {
  frames: number
  fish: number
  cameras: number
  seed: number
  plot?: string
  small: boolean
  overwrite: boolean
}
