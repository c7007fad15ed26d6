/** Recognizes the stream records that DynamoDB does not write: those of a write that changed nothing. */

import { isDeepStrictEqual } from 'node:util';
import type { RawStreamRecord } from './stream-record.ts';

/**
 * Whether a record says that its item changed. The embedded engine also writes a record when an item is replaced by an
 * equal one, so a function that needs such a record would work locally and never on AWS.
 */
export function changesItem({ dynamodb: { OldImage, NewImage } }: RawStreamRecord): boolean {
  // Without both images, as for a new item or other view types, nothing can be compared.
  return OldImage === undefined || NewImage === undefined || !isDeepStrictEqual(OldImage, NewImage);
}
