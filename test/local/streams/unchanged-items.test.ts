import { expect, it } from 'vitest';
import { changesItem } from '../../../local/streams/unchanged-items.ts';

const record = (images: { OldImage?: object; NewImage?: object }) => ({
  eventName: 'MODIFY',
  dynamodb: {
    Keys: { pk: { S: 'p' } },
    SequenceNumber: '1',
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    ApproximateCreationDateTime: 1,
    ...images,
  } as never,
});
const item = { pk: { S: 'p' }, n: { N: '1' } };

it('a record of an item that was replaced by an equal one is none that DynamoDB writes', () => {
  expect(changesItem(record({ OldImage: item, NewImage: { n: { N: '1' }, pk: { S: 'p' } } }))).toBe(false);
});

it.each([
  ['a new item', { NewImage: item }],
  ['a deleted item', { OldImage: item }],
  ['a changed attribute', { OldImage: item, NewImage: { ...item, n: { N: '2' } } }],
  ['a new attribute', { OldImage: item, NewImage: { ...item, x: { BOOL: true } } }],
])('a record of %s is delivered', (_, images) => {
  expect(changesItem(record(images))).toBe(true);
});
