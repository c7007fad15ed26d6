import { describe, expect, it } from 'vitest';
import {
  AltText,
  AttachmentIds,
  DeclareUpload,
  FileName,
  MediaType,
} from '../../../shared/contract/files.ts';

describe('the name of a file', () => {
  it.each([
    ['plan.pdf', 'plan.pdf'],
    ['C:\\Users\\ann\\plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['/tmp/a b.txt', 'a b.txt'],
    ['e\u0301t\u00e9.png', '\u00e9t\u00e9.png'],
    ['.gitignore', '.gitignore'],
    ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['ä'.repeat(127), 'ä'.repeat(127)],
    ['"quoted"; filename=evil.html', '"quoted"; filename=evil.html'],
  ])('%j is kept as %j', (name, kept) => {
    expect(FileName.parse(name)).toBe(kept);
  });

  it.each([
    [''],
    ['.'],
    ['..'],
    ['folder/'],
    ['a\\..'],
    ['a\nb.txt'],
    ['a\r\nSet-Cookie: x'],
    ['a\u0000.png'],
    ['a\u2028.png'],
    ['photo\u202egpj.exe'],
    ['photo\u2066gpj.exe'],
    ['photo\u200fgpj.exe'],
    ['\u200b\u200b'],
    [' '],
    ['a\ud800.png'],
    ['x'.repeat(256)],
    ['ä'.repeat(128)],
  ])('%j is refused', (name) => {
    expect(FileName.safeParse(name).success).toBe(false);
  });
});

describe('the declared type of a file', () => {
  it.each([
    ['image/png', 'image/png'],
    ['Text/Plain; charset=utf-8', 'text/plain'],
    ['audio/webm;codecs=opus', 'audio/webm'],
    ['application/vnd.ms-excel', undefined],
  ])('%j is read', (type, read = type) => {
    expect(MediaType.parse(type)).toBe(read);
  });

  it.each([[''], ['png'], ['image/'], ['image/png\nX: y'], ['a/b/c'], ['image/*'], ['x'.repeat(300)]])(
    '%j is refused',
    (type) => {
      expect(MediaType.safeParse(type).success).toBe(false);
    },
  );
});

describe('the words for an image', () => {
  it('have one line and at most 500 bytes', () => {
    expect(AltText.safeParse('').success).toBe(true);
    expect(AltText.safeParse('ä'.repeat(250)).success).toBe(true);
    expect(AltText.safeParse('ä'.repeat(251)).success).toBe(false);
    expect(AltText.safeParse('"'.repeat(251)).success).toBe(false);
    expect(AltText.safeParse('a\nb').success).toBe(false);
    expect(AltText.safeParse('a\u202eb').success).toBe(false);
  });
});

describe('the declaration of an upload', () => {
  const file = { name: 'plan.png', type: 'image/png', size: 1 };

  it('keeps what it says about the file', () => {
    expect(DeclareUpload.parse({ ...file, alt: 'a plan' })).toEqual({ ...file, alt: 'a plan' });
    expect(DeclareUpload.parse(file)).toEqual(file);
  });

  it('accepts sizes above the limit, which is an error of its own', () => {
    expect(DeclareUpload.safeParse({ ...file, size: 1e9 }).success).toBe(true);
  });

  it.each([[0], [-1], [1.5], ['1'], [undefined], [2 ** 53]])('refuses the size %j', (size) => {
    expect(DeclareUpload.safeParse({ ...file, size }).success).toBe(false);
  });
});

describe('the uploads of a message', () => {
  const ids = Array.from({ length: 11 }, (_, index) => `${index}`.padStart(43, 'a'));

  it.each([[[]], [ids.slice(0, 1)], [ids.slice(0, 10)]])('can be %j', (chosen) => {
    expect(AttachmentIds.parse(chosen)).toEqual(chosen);
  });

  it.each([[ids], [[ids[0], ids[0]]], [['a b']], [[1]], ['a']])('cannot be %j', (chosen) => {
    expect(AttachmentIds.safeParse(chosen).success).toBe(false);
  });
});
