import { describe, expect, it } from 'vitest';
import { endingOf, kindOf, sizedUrl, sizeText, sourceSet } from '../../web/files/attachment.ts';
import { imagesOf } from '../../web/files/shown-images.ts';

const image = {
  attachment_id: 'image',
  name: 'harbor.jpg',
  type: 'image/jpeg',
  size: 1_200_000,
  width: 3_000,
  height: 4_000,
  url: 'https://chat.example/files/room/folder/original?until=1&signature=s',
  thumbnail_url: 'https://chat.example/files/room/folder/320?until=1&signature=s',
};
/** As it is shown until the server has it. */
const preview = { ...image, url: 'blob:https://chat.example/1', thumbnail_url: undefined };

describe('an attachment', () => {
  it.each([
    ['image/png', 'image'],
    ['image/svg+xml', 'download'],
    ['audio/mpeg', 'audio'],
    ['video/webm', 'video'],
    ['video/mpeg', 'download'],
    ['text/html', 'download'],
    ['application/octet-stream', 'download'],
  ])('of the type %s is shown as %s', (type, kind) => {
    expect(kindOf({ type })).toBe(kind);
  });

  it('has its sizes below the same signature, each with its width', () => {
    expect(sizedUrl(image, 1280)).toBe('https://chat.example/files/room/folder/1280?until=1&signature=s');
    expect(sourceSet(image)).toBe(`${sizedUrl(image, 320)} 240w, ${sizedUrl(image, 1280)} 960w`);
    // Nothing is enlarged.
    expect(sourceSet({ ...image, width: 100, height: 50 })).toBe(`${sizedUrl(image, 320)} 100w`);
  });

  it('has one size until it is stored', () => {
    expect(sizedUrl(preview, 1280)).toBe(preview.url);
    expect(sourceSet(preview)).toBeUndefined();
  });

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1_023, '1,023 bytes'],
    [1_024, '1 kB'],
    [1_500_000, '1.4 MB'],
    [10_485_760, '10 MB'],
  ])('of %d bytes is said to have %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it.each([
    ['report.pdf', 'PDF'],
    ['archive.tar.gz', 'GZ'],
    ['notes', ''],
    ['strange.a-long-ending', ''],
  ])('named %s has the ending %o', (name, ending) => {
    expect(endingOf(name)).toBe(ending);
  });
});

describe('the images of a room', () => {
  it('are in the order of the messages, without other files and deleted messages', () => {
    const other = { ...image, attachment_id: 'other', type: 'application/pdf' };
    const message = { sender_username: 'ann', timestamp: '2026-12-01T12:00:00.000Z', is_deleted: false };
    const found = imagesOf([
      { ...message, attachments: [image, other] },
      message,
      { ...message, is_deleted: true, attachments: [image] },
      { ...message, sender_username: 'bob', attachments: [{ ...image, attachment_id: 'second' }] },
    ]);
    expect(found.map(({ attachment, sender }) => [attachment.attachment_id, sender])).toEqual([
      ['image', 'ann'],
      ['second', 'bob'],
    ]);
  });
});
