/** The single table with its index and stream. Its items are described in shared/storage. */
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

/** The attributes that lists show. Sending a message changes none of them, so it never writes to the index. */
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

/** Adds the table, billed on demand, with a stream of new and old images, TTL and point-in-time recovery. */
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
    // DynamoDB always encrypts at rest. A KMS key of the account would be billed for each use.
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    deletionProtection: settings.keepsData,
    removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
