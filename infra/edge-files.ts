/**
 * Files at the edge: the behavior of the distribution that checks their addresses and reads the bucket. It caches nothing, so
 * that a file is gone when it is removed from the bucket.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, SecretValue } from 'aws-cdk-lib/core';
import {
  AllowedMethods,
  CachePolicy,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
  type BehaviorOptions,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

/** The path pattern of the behavior. */
export const filesPattern = '/files/*';

export interface EdgeFilesProps {
  bucket: Bucket;
  /** Signs the addresses. */
  filesKey: Secret;
  settings: StageSettings;
}

/**
 * The headers of every file, whatever is stored with it: a browser that opens it as a page runs nothing of it, and other
 * pages may show it, since its address is the right to do so.
 */
const fileHeaders: ResponseHeadersPolicyProps = {
  comment: 'Files of the serverless chat',
  securityHeadersBehavior: {
    contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; sandbox", override: true },
    contentTypeOptions: { override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    strictTransportSecurity: { accessControlMaxAge: Duration.days(730), override: true },
  },
  corsBehavior: {
    accessControlAllowCredentials: false,
    accessControlAllowHeaders: ['*'],
    accessControlAllowMethods: ['GET', 'HEAD'],
    accessControlAllowOrigins: ['*'],
    originOverride: true,
  },
  customHeadersBehavior: {
    customHeaders: [{ header: 'Cross-Origin-Resource-Policy', value: 'cross-origin', override: true }],
  },
};

/** Returns the behavior for addresses of files. */
export function filesBehavior(
  scope: Construct,
  { bucket, filesKey, settings }: EdgeFilesProps,
): BehaviorOptions {
  const source = readFileSync(join(import.meta.dirname, 'edge/check-file-address.js'), 'utf8');
  const checkAddress = new EdgeFunction(scope, 'CheckFileAddress', {
    comment: 'Refuses addresses of files that are not signed or have ended',
    code: FunctionCode.fromInline(source.replace('{{fileKeys}}', keysOf(filesKey, settings))),
    runtime: FunctionRuntime.JS_2_0,
  });
  return {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    compress: false,
    responseHeadersPolicy: new ResponseHeadersPolicy(scope, 'FileHeaders', fileHeaders),
    functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: checkAddress }],
  };
}

/**
 * Returns references to the keys, which CloudFormation resolves while it deploys. During a rotation the setting names the next
 * key, which functions sign with once it is the current one.
 */
function keysOf({ secretArn }: Secret, { filesKeyVersion }: StageSettings): string {
  const versions = filesKeyVersion === undefined ? [undefined] : [filesKeyVersion, undefined];
  return versions
    .map((versionId) => {
      const options = { jsonField: 'key', ...(versionId !== undefined && { versionId }) };
      return SecretValue.secretsManager(secretArn, options).unsafeUnwrap();
    })
    .join(',');
}
