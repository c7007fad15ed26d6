/** The single table with its index and stream. What its items are is none of its business. */
import { RemovalPolicy } from 'aws-cdk-lib/core';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

export const lookupIndexName = 'lookup';

/** What a list shows and sending a message does not change, so that a message never writes to the index. */
const lookupAttributes = [
  'username',
  'profile_picture',
  'user_id',
  'room_id',
  'room_name',
  'created_at',
  'creator_id',
  'creator_username',
  'description',
  'is_private',
  'is_direct',
  'role',
  'joined_at',
  'last_read_seq',
  'last_read_count',
  'last_read_at',
  'removing_at',
];

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** On demand, with a stream of new and old images, TTL and point-in-time recovery. */
export function addTable(scope: Construct, settings: StageSettings): TableV2 {
  return new TableV2(scope, 'Table', {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    billing: Billing.onDemand(),
    globalSecondaryIndexes: [
      {
        indexName: lookupIndexName,
        partitionKey: text('lookup_pk'),
        sortKey: text('lookup_sk'),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: lookupAttributes,
      },
    ],
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // At rest all is encrypted either way; a KMS key of the account would be billed for each use.
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    deletionProtection: settings.keepsData,
    removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
