/**
 * Reads the lengths of a client's frames off the wire: API Gateway limits the frame and the message apart,
 * the `ws` package only the message.
 */

/** Feed it every chunk in order; it calls back once, at the header of the first data frame over the limit. */
export function watchFrameLengths(maximumBytes: number, exceeded: () => void): (chunk: Buffer) => void {
  let toSkip = 0;
  const header = Buffer.alloc(14);
  let read = 0;
  let over = false;

  /** Length of the header of which `read` bytes are there, as far as they tell. */
  function headerBytes(): number {
    if (read < 2) return 2;
    const second = header[1] ?? 0;
    const short = second & 0x7f;
    return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (second & 0x80 ? 4 : 0);
  }

  function payloadBytes(): number {
    const short = (header[1] ?? 0) & 0x7f;
    if (short === 127) return Number(header.readBigUInt64BE(2));
    return short === 126 ? header.readUInt16BE(2) : short;
  }

  return (chunk) => {
    let at = 0;
    while (at < chunk.length && !over) {
      if (toSkip > 0) {
        const skipped = Math.min(toSkip, chunk.length - at);
        toSkip -= skipped;
        at += skipped;
        continue;
      }
      header[read] = chunk[at] ?? 0;
      read += 1;
      at += 1;
      if (read < headerBytes()) continue;
      read = 0;
      toSkip = payloadBytes();
      const isData = ((header[0] ?? 0) & 0x08) === 0;
      if (isData && toSkip > maximumBytes) {
        over = true;
        exceeded();
      }
    }
  };
}
