/** Reads the edge distribution of a template: the API or the bucket for each path, and the viewer-request functions. */

import type { ApiBehavior, BucketBehavior, EdgeBehavior, FilesDefinition } from '../edge-behavior.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { flag, object, objects, optionalText, text, texts, type Properties } from './property.ts';
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

  function bucketBehavior(
    behavior: Properties,
    pathPattern: string,
    filesOfBucket: FilesDefinition,
  ): BucketBehavior {
    const policyId = optionalText(behavior, 'ResponseHeadersPolicyId');
    return {
      pathPattern,
      origin: 'bucket',
      files: filesOfBucket,
      // The default of CloudFront.
      methods: 'AllowedMethods' in behavior ? texts(behavior, 'AllowedMethods') : ['GET', 'HEAD'],
      compresses: flag(behavior, 'Compress'),
      responseHeaders: policyId === undefined ? [] : readResponseHeaders(template, policyId),
      ...viewerRequestOf(behavior),
    };
  }

  function readBehavior(behavior: Properties, pathPattern: string): EdgeBehavior {
    const origin = origins.get(behavior['TargetOriginId']);
    const domainName = optionalText(origin ?? {}, 'DomainName') ?? '';
    const filesOfBucket = files.get(domainName);
    if (filesOfBucket !== undefined) return bucketBehavior(behavior, pathPattern, filesOfBucket);
    const kind = domainName.includes(apiIds.http)
      ? 'http'
      : domainName.includes(apiIds.websocket)
        ? 'websocket'
        : undefined;
    if (origin === undefined || kind === undefined) {
      throw new StartFailure(
        `The template's behavior ${pathPattern} has an origin that is neither an API nor a bucket with files of the template: ${domainName}`,
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

/** Reads the distribution's own domain names. */
export function readDomainNames(template: Template): string[] {
  return template
    .ofType('AWS::CloudFront::Distribution')
    .flatMap(({ properties }) => texts(object(properties, 'DistributionConfig'), 'Aliases'));
}
