/** The video under the picture of a camera. While it plays, it says which frame is shown; else it is moved to the frame. */
import type { Eye } from './cameras.js'

/** Speeds at which browsers play videos. */
const slowest = 0.1
const fastest = 16

export class VideoLayer {
  readonly #video: HTMLVideoElement
  readonly #onSize: () => void
  #fps = 30
  #asked = -1
  #onFrame: ((frame: number) => void) | null = null

  /** @param onSize called once the size of the video is known */
  constructor(video: HTMLVideoElement, onSize: () => void, onProblem: (text: string) => void) {
    this.#video = video
    this.#onSize = onSize
    video.addEventListener('loadedmetadata', () => this.#onSize())
    video.addEventListener('loadeddata', () => this.#onSize())
    video.addEventListener('error', () => {
      if (!video.hidden) onProblem('This browser cannot play the video: convert it to H.264 in MP4, e.g. with ffmpeg.')
      video.hidden = true
    })
  }

  /** Shows the video at this address, or none. */
  show(address: string | null, fps: number): void {
    this.#fps = fps
    this.#asked = -1
    this.#onFrame = null
    this.#video.hidden = address === null
    if (address === null) this.#video.removeAttribute('src')
    else this.#video.src = address
    this.#video.load()
  }

  /** Width and height, once they are known. */
  get size(): readonly [number, number] | null {
    const { videoWidth, videoHeight, hidden } = this.#video
    return hidden || videoWidth === 0 ? null : [videoWidth, videoHeight]
  }

  place(eye: Eye, [width, height]: readonly number[]): void {
    if (this.#video.hidden) return
    const from = eye.project(0, 0, 0, { x: 0, y: 0, depth: 0 })
    const to = eye.project(width!, height!, 0, { x: 0, y: 0, depth: 0 })
    const { style } = this.#video
    style.width = `${to.x - from.x}px`
    style.height = `${to.y - from.y}px`
    style.transform = `translate(${from.x}px, ${from.y}px)`
  }

  get isPlaying(): boolean {
    return this.#onFrame !== null
  }

  canPlay(speed: number): boolean {
    return this.size !== null && speed >= slowest && speed <= fastest
  }

  /** Plays from a frame on. `onFrame` gets each frame that is shown. */
  play(frame: number, speed: number, onFrame: (frame: number) => void): void {
    this.#video.playbackRate = speed
    if (this.#onFrame) return
    this.#onFrame = onFrame
    this.seek(frame)
    this.#video.play().catch(() => this.pause())
    const next = (_: number, { mediaTime }: { mediaTime: number }) => {
      if (this.#onFrame !== onFrame) return
      onFrame(Math.round(mediaTime * this.#fps))
      this.#video.requestVideoFrameCallback(next)
    }
    this.#video.requestVideoFrameCallback(next)
  }

  pause(): void {
    this.#onFrame = null
    this.#asked = -1
    if (!this.#video.paused) this.#video.pause()
  }

  /** Shows a frame. While the video still looks for one, the latest wish waits. */
  seek(frame: number): void {
    if (this.#video.hidden || frame === this.#asked || this.#video.readyState === 0) return
    if (this.#video.seeking) {
      this.#video.addEventListener('seeked', () => this.#onSize(), { once: true })
      return
    }
    this.#asked = frame
    // The middle of the frame, so that rounding does not show the one before.
    this.#video.currentTime = (frame + 0.5) / this.#fps
  }
}
