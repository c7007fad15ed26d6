/** Reads the edge distribution of a template: the API for each path, and the viewer-request functions. */

import type { EdgeBehavior } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { object, objects, optionalText, text, texts, type Properties } from './property.ts';

/** Reads the behaviors in the order of their precedence; none when the template has no distribution. */
export function readEdge(template: Template, apiIds: { http: string; websocket: string }): EdgeBehavior[] {
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

  function readBehavior(behavior: Properties, pathPattern: string): EdgeBehavior {
    const origin = origins.get(behavior['TargetOriginId']);
    const domainName = optionalText(origin ?? {}, 'DomainName') ?? '';
    const kind = domainName.includes(apiIds.http)
      ? 'http'
      : domainName.includes(apiIds.websocket)
        ? 'websocket'
        : undefined;
    if (origin === undefined || kind === undefined) {
      throw new StartFailure(
        `The template's behavior ${pathPattern} has an origin that is not an API of the template: ${domainName}`,
      );
    }
    const viewerRequest = objects(behavior, 'FunctionAssociations')
      .filter((association) => association['EventType'] === 'viewer-request')
      .map((association) => functionCode.get(String(association['FunctionARN'])))[0];
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
      ...(viewerRequest !== undefined && { viewerRequest }),
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
