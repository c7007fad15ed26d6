/** The page at the edge's root: the behaviors of the distribution that serve it from its bucket. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AllowedMethods,
  CachePolicy,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
  type BehaviorOptions,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { PageCode } from './page-code.ts';
import { addPageFiles, hashedFolder } from './page-files.ts';
import { pageHeaders } from './page-headers.ts';

export interface Page {
  bucket: Bucket;
  /** The behaviors of the distribution that serve the page, by their path patterns. */
  behaviors: Record<string, BehaviorOptions>;
}

export interface PageProps {
  code: PageCode;
  /** The bucket to which the page posts files. */
  files: Bucket;
  settings: StageSettings;
}

/**
 * Adds the page. It has the root and the folder of its hashed files, and addresses its views by the fragment. All other paths
 * stay with the APIs, so that they answer a path that does not exist, and no room's name reaches a log.
 */
export function addPage(scope: Construct, { code, files, settings }: PageProps): Page {
  const bucket = addPageFiles(scope, code, settings);
  const behavior: BehaviorOptions = {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    // Holds the index page for one second in spite of its header, so that many visitors are few requests to the bucket.
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    compress: true,
    responseHeadersPolicy: new ResponseHeadersPolicy(scope, 'PageHeaders', pageHeaders(files)),
  };
  const toIndexPage = new EdgeFunction(scope, 'ToIndexPage', {
    comment: 'Turns / into /index.html',
    code: FunctionCode.fromInline(
      readFileSync(join(import.meta.dirname, '../edge/to-index-page.js'), 'utf8'),
    ),
    runtime: FunctionRuntime.JS_2_0,
  });
  const associations = [{ eventType: FunctionEventType.VIEWER_REQUEST, function: toIndexPage }];
  return {
    bucket,
    behaviors: {
      '/': { ...behavior, functionAssociations: associations },
      [`/${hashedFolder}*`]: behavior,
    },
  };
}
