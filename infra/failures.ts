/**
 * Where stream records and asynchronous invocations go that failed at every attempt: a bucket, which alone receives the
 * records themselves, and a queue that is notified of each new object, so that an alarm can count them.
 */
import { Duration, Stack } from 'aws-cdk-lib/core';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type CfnBucket,
} from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { dataPolicy } from './retention.ts';
import type { StageSettings } from './stages.ts';

export interface Failures {
  bucket: Bucket;
  arrivals: Queue;
}

/** How long a failure can be redriven. The objects hold items of the table, so they must not outlast erasures for long. */
const keptFor = Duration.days(30);

/** Adds the bucket and the queue. */
export function addFailures(scope: Construct, settings: StageSettings): Failures {
  const arrivals = new Queue(scope, 'Failures', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const bucket = new Bucket(scope, 'FailedInvocations', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ expiration: keptFor, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: dataPolicy(settings),
  });
  notify(bucket, arrivals);
  return { bucket, arrivals };
}

/**
 * Notifies the queue of new objects. The CDK's own method would add a function that configures the bucket. The condition
 * names no bucket, since the bucket is created after the queue's policy, and its name with it.
 */
function notify(bucket: Bucket, queue: Queue): void {
  const permission = queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(queue).account } },
    }),
  );
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.notificationConfiguration = {
    queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: queue.queueArn }],
  };
  if (permission.policyDependable !== undefined) resource.node.addDependency(permission.policyDependable);
}

/**
 * Allows Lambda to store failures of the target. Lambda accepts a bucket as destination only if the role may write to all
 * of it and list it.
 */
export function grantStoreFailures({ bucket }: Failures, target: LambdaFunction): void {
  target.addToRolePolicy(
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
  );
  target.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
}
