/** Records of the table stream for stored items. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';

interface Images {
  before?: object;
  after?: object;
  /** DynamoDB deleted the item by its ttl. */
  byTime?: boolean;
  sequenceNumber?: string;
}

export function record({ before, after, byTime = false, sequenceNumber = '1' }: Images): DynamoDBRecord {
  const { pk, sk } = (after ?? before) as { pk: string; sk: string };
  const image = (item: object) => marshall(item, { removeUndefinedValues: true });
  return {
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      Keys: marshall({ pk, sk }),
      SequenceNumber: sequenceNumber,
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
    },
    ...(byTime ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } } : {}),
  } as DynamoDBRecord;
}
