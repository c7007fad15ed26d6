import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageId } from '../../../shared/contract/identifiers.ts';
import { decodeMessageId, encodeMessageId } from '../../../shared/domain/message-id.ts';
import { outcomeOf } from '../outcome.ts';

const seqs = fc.integer({ min: 1, max: 2 ** 48 - 1 });

describe('a message id', () => {
  it('decodes to its room and seq, and matches the pattern of the contract', () => {
    fc.assert(
      fc.property(fc.uuid(), seqs, (roomId, seq) => {
        const id = encodeMessageId(roomId, seq);
        expect(MessageId.parse(id)).toBe(id);
        expect(decodeMessageId(id)).toEqual({ roomId, seq });
      }),
    );
  });

  it('that was never issued is refused as not_found', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)),
        (text) => {
          const { value, error } = outcomeOf(() => decodeMessageId(text));
          // A random string that is a well-formed id must be the only spelling of that id.
          expect(value && encodeMessageId(value.roomId, value.seq)).toBe(value && text);
          expect(error?.code).toBe(value === undefined ? 'not_found' : undefined);
        },
      ),
    );
  });

  it.each([
    ['seq 0', encodeMessageId('00000000-0000-4000-8000-000000000001', 0)],
    ['a byte too few', encodeMessageId('00000000-0000-4000-8000-000000000001', 1).slice(1)],
    ['a byte too many', `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1)}AA`],
    ['padding', `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1)}=`],
    [
      'bits that decoding ignores',
      `${encodeMessageId('00000000-0000-4000-8000-000000000001', 1).slice(0, -1)}R`,
    ],
    ['no characters', ''],
  ])('with %s is refused as not_found', (_, id) => {
    expect(() => decodeMessageId(id)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
