/** The files of the page in a private bucket, and the function that copies them there while CloudFormation deploys. */
import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { addLogGroup } from '../log-group.ts';
import type { StageSettings } from '../stages.ts';
import { tracingMode } from '../tracing.ts';
import type { PageCode } from './page-code.ts';

export const indexPage = 'index.html';

/** The folder of the files whose names contain a hash of their content. */
export const hashedFolder = 'assets/';

/** By the start of an object's name; the first that matches counts. */
const cacheControl = [
  { Prefix: hashedFolder, Value: 'public, max-age=31536000, immutable' },
  { Prefix: '', Value: 'no-cache' },
];

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** Adds the bucket with its files. Every deployment writes them again, so nothing is lost when the bucket is deleted. */
export function addPageFiles(scope: Construct, { code, digest }: PageCode, settings: StageSettings): Bucket {
  const bucket = new Bucket(scope, 'Page', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const parent = new Construct(scope, 'pageFiles');
  const logGroup = addLogGroup(parent, 'Logs', settings);
  const role = new Role(parent, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const allow = (actions: string[], resource: string): void =>
    void role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  allow(['s3:PutObject', 's3:DeleteObject'], bucket.arnForObjects('*'));
  allow(['s3:ListBucket'], bucket.bucketArn);
  const copyFiles = new LambdaFunction(parent, 'Function', {
    description: 'Serverless chat: copies the page into its bucket while the stack is deployed',
    architecture: Architecture.ARM_64,
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code,
    memorySize: 512,
    timeout: Duration.minutes(2),
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    tracing: tracingMode(settings),
  });
  new CustomResource(parent, 'Files', {
    resourceType: 'Custom::PageFiles',
    serviceToken: copyFiles.functionArn,
    // CloudFormation gives up then, in place of after an hour.
    serviceTimeout: Duration.minutes(5),
    properties: {
      Bucket: bucket.bucketName,
      IndexPage: indexPage,
      CacheControl: cacheControl,
      ContentTypes: contentTypes,
      // Nothing reads it: another digest makes CloudFormation update the resource.
      Digest: digest,
    },
  });
  return bucket;
}
