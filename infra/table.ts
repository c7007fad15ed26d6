/** The single table with its index and stream. Its items are described in shared/storage. */
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { dataPolicy } from './retention.ts';
import type { StageSettings } from './stages.ts';
import { lookupAttributes } from '../shared/storage/lookup-attributes.ts';

export const lookupIndexName = 'lookup';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Adds the table, billed on demand, with a stream of new and old images, TTL and point-in-time recovery. */
export function addTable(scope: Construct, settings: StageSettings, isProtected: boolean): TableV2 {
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
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: settings.pointInTimeRecoveryDays,
    },
    // DynamoDB always encrypts at rest. A KMS key of the account would be billed for each use.
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    deletionProtection: isProtected,
    removalPolicy: dataPolicy(settings),
  });
}
