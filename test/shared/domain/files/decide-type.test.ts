import { describe, expect, it } from 'vitest';
import { contentHeaders } from '../../../../shared/domain/files/content-headers.ts';
import { decideType, isShownInPlace } from '../../../../shared/domain/files/decide-type.ts';

describe('the type of a file', () => {
  it.each([
    ['image/png', 'image/png', 'image/png'],
    ['image/jpg', 'image/jpeg', 'image/jpeg'],
    ['image/png', 'image/apng', 'image/png'],
    ['audio/mp4', 'video/mp4', 'audio/mp4'],
    ['audio/webm', 'video/webm', 'audio/webm'],
    ['audio/ogg', 'audio/ogg; codecs=opus', 'audio/ogg'],
    ['audio/x-wav', 'audio/wav', 'audio/wav'],
    ['application/octet-stream', 'image/gif', 'image/gif'],
    ['application/octet-stream', undefined, 'application/octet-stream'],
    ['application/pdf', 'application/pdf', 'application/pdf'],
    ['application/x-zip-compressed', 'application/zip', 'application/zip'],
    ['text/plain', undefined, 'application/octet-stream'],
    ['text/html', undefined, 'application/octet-stream'],
    ['application/xml', 'application/xml', 'application/octet-stream'],
    ['image/avif', 'image/avif', 'image/avif'],
  ])('that is declared as %s and detected as %s is %s', (declared, detected, type) => {
    expect(decideType(declared, detected)).toBe(type);
  });

  it.each([
    ['a page', 'image/png', undefined],
    ['an SVG', 'image/svg+xml', 'application/xml'],
    ['an SVG without a declaration', 'image/svg+xml', undefined],
    ['a PNG', 'image/jpeg', 'image/png'],
    ['a document', 'image/png', 'application/pdf'],
    ['an image', 'application/pdf', 'image/png'],
    ['a video', 'audio/mpeg', 'video/mp4'],
    ['a sound', 'video/mp4', 'audio/mpeg'],
  ])('is refused for %s that is declared as %s', (_, declared, detected) => {
    expect(decideType(declared, detected)).toBeUndefined();
  });

  it('is shown in place for images, audio and video alone, and never for what can be run', () => {
    expect(['image/png', 'audio/mpeg', 'video/webm'].every(isShownInPlace)).toBe(true);
    const downloads = [
      'image/svg+xml',
      'image/avif',
      'text/html',
      'application/pdf',
      'application/octet-stream',
    ];
    expect(downloads.some(isShownInPlace)).toBe(false);
  });
});

describe('the headers of a file', () => {
  it('let browsers show an image in place and download all else', () => {
    expect(contentHeaders('image/png', 'map.png')).toEqual({
      contentType: 'image/png',
      contentDisposition: `inline; filename="map.png"; filename*=UTF-8''map.png`,
      cacheControl: 'private, max-age=3600, immutable',
    });
    expect(contentHeaders('application/pdf', 'plan.pdf').contentDisposition).toMatch(/^attachment; /);
  });

  it.each([
    ['Ä 1.pdf', 'attachment; filename="_1.pdf"; filename*=UTF-8\'\'%C3%84%201.pdf'],
    [
      '"; x=(*)\'!.html',
      'attachment; filename="_x_.html"; filename*=UTF-8\'\'%22%3B%20x%3D%28%2A%29%27%21.html',
    ],
    ['日本.zip', 'attachment; filename="_.zip"; filename*=UTF-8\'\'%E6%97%A5%E6%9C%AC.zip'],
    ['.env', 'attachment; filename="file.env"; filename*=UTF-8\'\'.env'],
  ])('name %j harmlessly', (name, disposition) => {
    const headers = contentHeaders('application/octet-stream', name);
    expect(headers.contentDisposition).toBe(disposition);
    expect(headers.contentDisposition).toMatch(/^[\x20-\x7e]+$/);
  });
});
