import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageId } from '../../../shared/contract/identifiers.ts';
import { decodeMessageId, encodeMessageId } from '../../../shared/domain/message-id.ts';
import { outcomeOf } from '../outcome.ts';

const seqs = fc.integer({ min: 1, max: 2 ** 48 - 1 });

describe('a message id', () => {
  it('leads back to its room and seq, and has the form that the contract allows', () => {
    fc.assert(
      fc.property(fc.uuid(), seqs, (roomId, seq) => {
        const id = encodeMessageId(roomId, seq);
        expect(MessageId.parse(id)).toBe(id);
        expect(decodeMessageId(id)).toEqual({ roomId, seq });
      }),
    );
  });

  it('that nobody issued is not found, whatever it looks like', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)),
        (text) => {
          const { value, error } = outcomeOf(() => decodeMessageId(text));
          // The rare one that is well formed must be the only spelling of what it names.
          expect(value && encodeMessageId(value.roomId, value.seq)).toBe(value && text);
          expect(error?.code).toBe(value === undefined ? 'not_found' : undefined);
        },
      ),
    );
  });

  it.each([
    ['no seq', encodeMessageId('00000000-0000-4000-8000-000000000001', 0)],
    ['too short', encodeMessageId('00000000-0000-4000-8000-000000000001', 1).slice(1)],
    ['too long', `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1)}AA`],
    ['padding', `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1)}=`],
    [
      'bits that decoding drops',
      `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1).slice(0, -1)}R`,
    ],
    ['nothing', ''],
  ])('with %s is not found', (_, id) => {
    expect(() => decodeMessageId(id)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
