/** Images for tests, made with the build of the image library for this machine. */
import { randomBytes } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';

/** Returns pixels that compress like a photo: a gradient with some structure. */
function pixels(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      data.set([(x * 255) / width, (y * 255) / height, (x * y) % 256], (y * width + x) * 3);
  return data;
}

/** An image of that size, to be encoded. */
export const picture = (width: number, height: number) =>
  sharp(pixels(width, height), { raw: { width, height, channels: 3 } });

/** An image that compresses badly, to be encoded. */
export const noise = (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

/** An animation, to be encoded. */
export const animation = (width: number, height: number, frames: number) =>
  sharp(pixels(width, height * frames), {
    raw: { width, height: height * frames, channels: 3, pageHeight: height },
  });

/** What a phone writes into a photo. */
export const metadataOfPhone = {
  IFD0: { Make: 'Phone', Copyright: 'the owner' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' },
};

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG of one bit a pixel, all black: millions of pixels in some kilobytes. */
export function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Returns a JPEG whose header states another size. */
export function withStatedSize(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  const start = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(height, start + 5);
  changed.writeUInt16BE(width, start + 7);
  return changed;
}
