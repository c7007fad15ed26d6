/**
 * The bucket of files: what is posted and waits for its check, below `incoming/`, and what the check has made of it, below
 * `files/` and `pictures/`. Clients reach it by signed forms alone, and the edge reads it.
 */
import { Duration } from 'aws-cdk-lib/core';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
  type CfnBucket,
  type CorsRule,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { incomingFolder, unsentTag } from '../shared/domain/files/object-keys.ts';
import { dataPolicy } from './retention.ts';
import type { DeployedFunction } from './rollout.ts';
import type { StageSettings } from './stages.ts';

/** S3 counts whole days, and deletes what has reached its age once a day: after 24 to 48 hours. */
const unsentFor = Duration.days(1);

/** Adds the bucket. It is not versioned: a file that was removed is gone. */
export function addFiles(scope: Construct, settings: StageSettings): Bucket {
  const origins = originsOf(settings);
  const bucket = new Bucket(scope, 'Files', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(origins.length > 0 && { cors: [corsRule(origins)] }),
    lifecycleRules: [
      { id: 'incoming', prefix: incomingFolder, expiration: unsentFor },
      { id: 'unsent', tagFilters: { [unsentTag.key]: unsentTag.value }, expiration: unsentFor },
      { id: 'multipart', abortIncompleteMultipartUploadAfter: unsentFor },
    ],
    removalPolicy: dataPolicy(settings),
  });
  // The CDK's own option would add a function that configures the bucket.
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
  return bucket;
}

/**
 * The origins of pages that may post forms. The right to post is the signature of the form, and no credentials go along. Where
 * the page is served under the distribution's own name it cannot be listed, since the distribution refers to the bucket.
 */
function originsOf({ allowedOrigins, domainName, hasEdge, hasPage }: StageSettings): string[] {
  const servesPage = hasEdge && hasPage;
  if (!servesPage) return allowedOrigins;
  if (domainName === undefined || allowedOrigins.includes('*')) return ['*'];
  return [...allowedOrigins, `https://${domainName}`];
}

const corsRule = (allowedOrigins: string[]): CorsRule => ({
  allowedOrigins,
  allowedMethods: [HttpMethods.POST, HttpMethods.GET, HttpMethods.HEAD],
  allowedHeaders: ['*'],
  maxAge: 3_600,
});

/**
 * Has the function check what was posted. EventBridge delivers an event at least once, as a rule within a second; a send does
 * not wait for it. An event that could not be handed to Lambda within an hour is dropped.
 */
export function checkPostedFiles(bucket: Bucket, { lambda, target }: DeployedFunction): void {
  new Rule(lambda, 'Posted', {
    description: 'Checks files that were posted',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [bucket.bucketName] },
        object: { key: [{ prefix: incomingFolder }] },
      },
    },
    targets: [new FunctionTarget(target, { maxEventAge: Duration.hours(1) })],
  });
}
