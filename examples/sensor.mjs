// Write a sensor with 8 channels at 1 kHz: sample by sample, or in batches for the highest speed.
import { defineLayout, FrameReader, FrameWriter } from 'h5tracks'

const [path = 'sensor.h5'] = process.argv.slice(2)
const channels = 8

// Without `slots`, a frame is one record.
const sensor = defineLayout({
  group: 'sensor',
  fields: { volts: { type: 'float32', shape: [channels], axes: ['channel'], unit: 'V' } },
  attributes: { sample_rate: 1000 },
})

/** A sample: a sine in each channel, of 1, 2, … 8 Hz. */
const voltsAt = (/** @type {number} */ ms) =>
  Float32Array.from({ length: channels }, (_, channel) => Math.sin((2 * Math.PI * (channel + 1) * ms) / 1000))

const writer = new FrameWriter(path, sensor, { overwrite: true })

// The first second, sample by sample. An accepted sample survives a crash of this process at once.
for (let ms = 0; ms < 1000; ms++) {
  if (!writer.writeFrame(ms, { volts: voltsAt(ms) })) await writer.drain()
}

// Nine more seconds in batches of one second, as a device driver delivers them.
for (let ms = 1000; ms < 10_000; ms += 1000) {
  const frameIndex = BigInt64Array.from({ length: 1000 }, (_, i) => BigInt(ms + i))
  const volts = new Float32Array(1000 * channels)
  for (let i = 0; i < 1000; i++) volts.set(voltsAt(ms + i), i * channels)
  if (!writer.writeFrames({ frameIndex, volts })) await writer.drain()
}
await writer.close()

const reader = new FrameReader(path, sensor)
const { volts } = await reader.read({ start: 2000, stop: 3000 })
const first = volts.data.filter((_, i) => i % channels === 0)
console.log(`${path}: ${reader.length} samples, ${(await reader.gaps()).length} gaps`)
console.log(
  `second 2: ${volts.shape.join(' x ')}, channel 0 from ${Math.min(...first).toFixed(2)} to ${Math.max(...first).toFixed(2)} V`,
)
reader.close()
