/**
 * Reads the lengths of a client's frames from the raw bytes: API Gateway has separate limits for a frame and
 * for a message, the `ws` package only has one for the message.
 */

/**
 * Returns a listener that must receive every chunk in order. It calls `onExceeded` once, at the header of the
 * first data frame that is longer than the limit.
 */
export function watchFrameLengths(maxBytes: number, onExceeded: () => void): (chunk: Buffer) => void {
  let payloadBytesLeft = 0;
  const header = Buffer.alloc(14);
  let headerBytesRead = 0;
  let isExceeded = false;

  /** The length of the current header, as far as the bytes read so far determine it. */
  function headerBytes(): number {
    if (headerBytesRead < 2) return 2;
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
    let index = 0;
    while (index < chunk.length && !isExceeded) {
      if (payloadBytesLeft > 0) {
        const skipped = Math.min(payloadBytesLeft, chunk.length - index);
        payloadBytesLeft -= skipped;
        index += skipped;
        continue;
      }
      header[headerBytesRead] = chunk[index] ?? 0;
      headerBytesRead += 1;
      index += 1;
      if (headerBytesRead < headerBytes()) continue;
      headerBytesRead = 0;
      payloadBytesLeft = payloadBytes();
      const isData = ((header[0] ?? 0) & 0x08) === 0;
      if (isData && payloadBytesLeft > maxBytes) {
        isExceeded = true;
        onExceeded();
      }
    }
  };
}
