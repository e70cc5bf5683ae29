// One sample by remote write, as an agent sends it: for samples that no agent has at hand, such as old ones.
//
// Source of the form: Prometheus' remote write specification 1.0 (a protobuf message WriteRequest, compressed by snappy).

/** The status of the answer, and what it says. */
export async function remoteWrite(url: string, name: string, at: number): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: uncompressed(writeRequest(name, at)),
  })
  return { status: answer.status, text: await answer.text() }
}

/** A series without labels, and a sample of value 1 at that instant, epoch ms. */
function writeRequest(name: string, at: number): Buffer {
  const value = Buffer.alloc(8)
  value.writeDoubleLE(1)
  const sample = Buffer.concat([Buffer.from([0x09]), value, Buffer.from([0x10]), varint(at)])
  const label = Buffer.concat([bytes(1, Buffer.from('__name__')), bytes(2, Buffer.from(name))])
  return bytes(1, Buffer.concat([bytes(1, label), bytes(2, sample)]))
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content])
}

function varint(value: number): Buffer {
  const parts: number[] = []
  let left = value
  while (left > 127) {
    parts.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  return Buffer.from([...parts, left])
}

/** In the form of snappy: one literal of less than 64 KB. */
function uncompressed(content: Buffer): Buffer {
  const last = content.length - 1
  return Buffer.concat([varint(content.length), Buffer.from([0xf4, last % 256, Math.floor(last / 256)]), content])
}
