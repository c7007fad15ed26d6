import { describe, expect, it } from 'vitest';
import { picture } from './images/pictures.ts';
import { sizeOf, useImages } from './use-images.ts';

const { images } = useImages();

const text = (value: string): Buffer => Buffer.from(value);
const pdf = text('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
const wav = Buffer.concat([
  text('RIFF'),
  Buffer.from([36, 0, 0, 0]),
  text('WAVE'),
  text('fmt '),
  Buffer.alloc(28),
]);
const zip = Buffer.concat([Buffer.from([0x50, 0x4b, 0x05, 0x06]), Buffer.alloc(18)]);

const check = (bytes: Uint8Array, declaredType: string, name = 'file') =>
  images().checkAttachment({ bytes, declaredType, name });

describe('an attachment', () => {
  it('that is an image is served anew, in place, with thumbnails', async () => {
    const checked = await check(await picture(400, 300).png().toBuffer(), 'image/png', 'map.png');
    const { file } = checked as Extract<typeof checked, { file: object }>;
    expect(file).toMatchObject({ type: 'image/png', dimensions: { width: 400, height: 300 } });
    expect(file.objects.map(({ name }) => name)).toEqual(['original', '1280', '320', '96']);
    expect(await Promise.all(file.objects.map(({ bytes }) => sizeOf(bytes)))).toEqual([
      'png 400×300',
      'webp 400×300',
      'webp 320×240',
      'webp 96×72',
    ]);
    expect(file.objects.map(({ headers }) => headers.contentType)).toEqual([
      'image/png',
      'image/webp',
      'image/webp',
      'image/webp',
    ]);
    expect(file.objects[0]!.headers.contentDisposition).toMatch(/^inline; filename="map.png"/);
    expect(file.size).toBe(file.objects[0]!.bytes.length);
  });

  it.each([
    ['a PDF', pdf, 'application/pdf', 'application/pdf', 'attachment'],
    ['a sound', wav, 'audio/wav', 'audio/wav', 'inline'],
    ['an archive', zip, 'application/zip', 'application/zip', 'attachment'],
    ['text', text('hello'), 'text/plain', 'application/octet-stream', 'attachment'],
    ['a page', text('<html><script>x</script>'), 'text/html', 'application/octet-stream', 'attachment'],
    [
      'an XML document',
      text('<?xml version="1.0"?><a/>'),
      'text/xml',
      'application/octet-stream',
      'attachment',
    ],
    ['bytes', Buffer.alloc(100), 'application/octet-stream', 'application/octet-stream', 'attachment'],
  ] as const)('that is %s is served as it is', async (_, bytes, declared, type, kind) => {
    const checked = await check(bytes, declared);
    const { file } = checked as Extract<typeof checked, { file: object }>;
    expect(file).toMatchObject({ type, size: bytes.length, objects: [{ name: 'original', headers: {} }] });
    expect(file.dimensions).toBeUndefined();
    expect(Buffer.from(file.objects[0]!.bytes).equals(bytes)).toBe(true);
    expect(file.objects[0]!.headers.contentType).toBe(type);
    expect(file.objects[0]!.headers.contentDisposition.startsWith(`${kind};`)).toBe(true);
  });

  it.each([
    ['has no bytes', () => Buffer.alloc(0), 'text/plain', 'file_empty'],
    ['is a page with the type of an image', () => text('<html></html>'), 'image/png', 'type_mismatch'],
    ['is an SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'type_mismatch'],
    ['is a PDF with the type of an image', () => pdf, 'image/jpeg', 'type_mismatch'],
    ['is another image', () => picture(9, 9).png().toBuffer(), 'image/jpeg', 'type_mismatch'],
    [
      'is an image with the type of a PDF',
      () => picture(9, 9).png().toBuffer(),
      'application/pdf',
      'type_mismatch',
    ],
    ['begins like an image', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg', 'unreadable_image'],
  ] as const)('that %s is refused', async (_, make, declared, problem) => {
    expect(await check(await make(), declared)).toEqual({ problem });
  });
});

describe('a profile picture', () => {
  const checkPicture = (bytes: Uint8Array, declaredType: string) =>
    images().checkPicture({ bytes, declaredType });

  it('becomes two squares', async () => {
    const checked = await checkPicture(await picture(500, 400).jpeg().toBuffer(), 'image/jpeg');
    const { file } = checked as Extract<typeof checked, { file: object }>;
    expect(file.map(({ name, headers }) => [name, headers.contentType])).toEqual([
      ['320', 'image/webp'],
      ['96', 'image/webp'],
    ]);
    expect(await sizeOf(file[0]!.bytes)).toBe('webp 320×320');
  });

  it.each([
    ['a GIF', async () => picture(9, 9).gif().toBuffer(), 'image/gif'],
    ['a PDF', async () => pdf, 'application/pdf'],
    ['text', async () => text('hello'), 'text/plain'],
  ] as const)('that is %s is refused', async (_, make, declared) => {
    expect(await checkPicture(await make(), declared)).toEqual({ problem: 'type_mismatch' });
  });
});
