/** Reads the buckets of a template: who is notified of new objects, CORS, lifecycle rules and the public access block. */

import type { BucketDefinition, CorsRule, LifecycleRule } from '../bucket-definition.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import {
  flag,
  number,
  object,
  objects,
  optionalText,
  texts,
  type Properties,
  type Resource,
} from './property.ts';

/** What a bucket may have: what is read below, and what has no meaning locally. */
const knownProperties = new Set([
  'BucketName',
  'BucketEncryption',
  'CorsConfiguration',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'NotificationConfiguration',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
]);

/**
 * Reads the buckets.
 * @throws StartFailure for a property or a rule that is not supported, and when a bucket notifies a queue that the template does
 * not have
 */
export function readBuckets(template: Template): BucketDefinition[] {
  const queueIds = new Map(
    template
      .ofType('AWS::SQS::Queue')
      .map(({ logicalId }) => [template.getAtt(logicalId, 'Arn'), logicalId] as const),
  );
  return template.ofType('AWS::S3::Bucket').map((bucket) => {
    const { logicalId, properties } = bucket;
    assertKnown(bucket, properties, knownProperties);
    const notifications = object(properties, 'NotificationConfiguration');
    assertKnown(bucket, notifications, new Set(['QueueConfigurations', 'EventBridgeConfiguration']));
    const events = object(notifications, 'EventBridgeConfiguration');
    return {
      logicalId,
      bucketName: template.ref(logicalId),
      notifiedQueueIds: objects(notifications, 'QueueConfigurations').map(({ Queue: arn }) => {
        const queueId = queueIds.get(String(arn));
        if (queueId === undefined)
          throw new StartFailure(
            `The template's bucket ${logicalId} notifies ${String(arn)}, which is not a queue of the template`,
          );
        return queueId;
      }),
      // CloudFormation enables the events by default where the configuration is there.
      sendsEvents:
        notifications['EventBridgeConfiguration'] !== undefined &&
        (events['EventBridgeEnabled'] === undefined || flag(events, 'EventBridgeEnabled')),
      cors: objects(object(properties, 'CorsConfiguration'), 'CorsRules').map(readCorsRule),
      lifecycle: objects(object(properties, 'LifecycleConfiguration'), 'Rules').flatMap((rule) =>
        readLifecycleRule(bucket, rule),
      ),
      publicAccess: {
        blocksAcls: flag(object(properties, 'PublicAccessBlockConfiguration'), 'BlockPublicAcls'),
      },
    };
  });
}

function readCorsRule(rule: Properties): CorsRule {
  return {
    allowedOrigins: texts(rule, 'AllowedOrigins'),
    allowedMethods: texts(rule, 'AllowedMethods'),
    allowedHeaders: texts(rule, 'AllowedHeaders'),
    exposedHeaders: texts(rule, 'ExposedHeaders'),
    ...(rule['MaxAge'] !== undefined && { maxAgeSeconds: number(rule, 'MaxAge', 0) }),
  };
}

/** Multipart uploads do not exist locally, so a rule that ends them has nothing to do. */
const knownRuleProperties = new Set([
  'Id',
  'Status',
  'Prefix',
  'TagFilters',
  'ExpirationInDays',
  'AbortIncompleteMultipartUpload',
]);

function readLifecycleRule(bucket: Resource, rule: Properties): LifecycleRule[] {
  assertKnown(bucket, rule, knownRuleProperties);
  if (rule['Status'] !== 'Enabled' || rule['ExpirationInDays'] === undefined) return [];
  return [
    {
      prefix: optionalText(rule, 'Prefix') ?? '',
      tags: Object.fromEntries(
        objects(rule, 'TagFilters').map(({ Key, Value }) => [String(Key), String(Value)]),
      ),
      expirationDays: number(rule, 'ExpirationInDays', 0),
    },
  ];
}

function assertKnown({ logicalId }: Resource, properties: Properties, known: ReadonlySet<string>): void {
  const unknown = Object.keys(properties).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new StartFailure(
    `The template's bucket ${logicalId} has ${unknown}, which the local runtime does not support`,
  );
}
