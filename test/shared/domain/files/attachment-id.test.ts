import { expect, it } from 'vitest';
import { decodeAttachmentId, encodeAttachmentId } from '../../../../shared/domain/files/attachment-id.ts';

const place = { roomId: '0b9f1c3e-5a77-4a1c-9a38-7f0d4b6f2c11', uploadKey: 'AAECAwQFBgcICQoLDA0ODw' };

it('an id of an attachment has 43 URL-safe characters and encodes its room', () => {
  const id = encodeAttachmentId(place);
  expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(decodeAttachmentId(id)).toEqual(place);
});

it.each([
  '',
  'x',
  'A'.repeat(42),
  'A'.repeat(44),
  `${'A'.repeat(42)}#`,
  `${'A'.repeat(42)}B`,
  '../'.repeat(14),
])('the id %j of no attachment is not found', (id) => {
  expect(() => decodeAttachmentId(id)).toThrowError(expect.objectContaining({ code: 'not_found' }));
});
