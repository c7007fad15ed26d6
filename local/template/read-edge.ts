/** Reads the edge distribution of a template: the API or the bucket for each path, and the viewer-request functions. */

import type {
  ApiBehavior,
  BucketBehavior,
  EdgeBehavior,
  FilesDefinition,
  ObjectsBehavior,
} from '../edge-behavior.ts';
import type { Statement } from '../permissions/policy.mjs';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import {
  flag,
  object,
  objects,
  optionalText,
  text,
  texts,
  type Properties,
  type Resource,
} from './property.ts';
import { readResponseHeaders } from './read-page.ts';

/**
 * Reads the behaviors in the order of their precedence; none when the template has no distribution. `files` has the files of
 * each bucket by the domain name of the bucket.
 */
export function readEdge(
  template: Template,
  apiIds: { http: string; websocket: string },
  files: Map<string, FilesDefinition>,
): EdgeBehavior[] {
  const distributions = template.ofType('AWS::CloudFront::Distribution');
  const [distribution] = distributions;
  if (distribution === undefined) return [];
  if (distributions.length > 1) {
    throw new StartFailure(
      `The local runtime supports templates with one distribution, but this one has ${distributions.length}`,
    );
  }
  const config = object(distribution.properties, 'DistributionConfig');
  const origins = new Map(objects(config, 'Origins').map((origin) => [origin['Id'], origin]));
  const functionCode = new Map(
    template
      .ofType('AWS::CloudFront::Function')
      .map((resource) => [
        template.getAtt(resource.logicalId, 'FunctionARN'),
        text(resource, 'FunctionCode'),
      ]),
  );

  function viewerRequestOf(behavior: Properties): Pick<ApiBehavior, 'viewerRequest'> {
    const viewerRequest = objects(behavior, 'FunctionAssociations')
      .filter((association) => association['EventType'] === 'viewer-request')
      .map((association) => functionCode.get(String(association['FunctionARN'])))[0];
    return viewerRequest === undefined ? {} : { viewerRequest };
  }

  /** What the behaviors for both kinds of buckets have in common. */
  function bucketPart(behavior: Properties, pathPattern: string) {
    const policyId = optionalText(behavior, 'ResponseHeadersPolicyId');
    return {
      pathPattern,
      // The default of CloudFront.
      methods: 'AllowedMethods' in behavior ? texts(behavior, 'AllowedMethods') : ['GET', 'HEAD'],
      responseHeaders: policyId === undefined ? [] : readResponseHeaders(template, policyId),
      ...viewerRequestOf(behavior),
    };
  }

  function bucketBehavior(
    behavior: Properties,
    pathPattern: string,
    filesOfBucket: FilesDefinition,
  ): BucketBehavior {
    const compresses = flag(behavior, 'Compress');
    return { ...bucketPart(behavior, pathPattern), origin: 'bucket', files: filesOfBucket, compresses };
  }

  function objectsBehavior(
    behavior: Properties,
    pathPattern: string,
    { bucket, origin }: { bucket: Resource; origin: Properties },
  ): ObjectsBehavior {
    if (optionalText(origin, 'OriginAccessControlId') === undefined)
      throw new StartFailure(
        `The template's behavior ${pathPattern} reads a bucket without an origin access control, so that S3 would refuse it`,
      );
    return {
      ...bucketPart(behavior, pathPattern),
      origin: 'objects',
      bucketName: template.ref(bucket.logicalId),
      originPath: optionalText(origin, 'OriginPath') ?? '',
      statements: readableByEdge(template, template.ref(bucket.logicalId)),
    };
  }

  function readBehavior(behavior: Properties, pathPattern: string): EdgeBehavior {
    const origin = origins.get(behavior['TargetOriginId']);
    const domainName = optionalText(origin ?? {}, 'DomainName') ?? '';
    const filesOfBucket = files.get(domainName);
    if (filesOfBucket !== undefined) return bucketBehavior(behavior, pathPattern, filesOfBucket);
    const bucket = template
      .ofType('AWS::S3::Bucket')
      .find(({ logicalId }) => template.getAtt(logicalId, 'RegionalDomainName') === domainName);
    if (origin !== undefined && bucket !== undefined)
      return objectsBehavior(behavior, pathPattern, { bucket, origin });
    const kind = domainName.includes(apiIds.http)
      ? 'http'
      : domainName.includes(apiIds.websocket)
        ? 'websocket'
        : undefined;
    if (origin === undefined || kind === undefined) {
      throw new StartFailure(
        `The template's behavior ${pathPattern} has an origin that is neither an API nor a bucket of the template: ${domainName}`,
      );
    }
    const originHeaders = objects(origin, 'OriginCustomHeaders').map((header) => [
      String(header['HeaderName']),
      String(header['HeaderValue']),
    ]);
    return {
      pathPattern,
      origin: kind,
      originPath: optionalText(origin, 'OriginPath') ?? '',
      ...(originHeaders.length > 0 && {
        originHeaders: Object.fromEntries(originHeaders) as Record<string, string>,
      }),
      ...viewerRequestOf(behavior),
    };
  }

  return [
    ...objects(config, 'CacheBehaviors').map((behavior) =>
      readBehavior(behavior, String(behavior['PathPattern'])),
    ),
    readBehavior(object(config, 'DefaultCacheBehavior'), '*'),
  ];
}

/** Returns what the policy of a bucket allows CloudFront. Its condition names the distribution, of which there is one. */
function readableByEdge(template: Template, bucketName: string): Statement[] {
  return template
    .ofType('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties['Bucket'] === bucketName)
    .flatMap(({ properties }) => objects(object(properties, 'PolicyDocument'), 'Statement'))
    .filter((statement) => object(statement, 'Principal')['Service'] === 'cloudfront.amazonaws.com')
    .map(
      ({ Principal: _principal, Condition: _condition, ...statement }) => statement as unknown as Statement,
    );
}

/** Reads the distribution's own domain names. */
export function readDomainNames(template: Template): string[] {
  return template
    .ofType('AWS::CloudFront::Distribution')
    .flatMap(({ properties }) => texts(object(properties, 'DistributionConfig'), 'Aliases'));
}
