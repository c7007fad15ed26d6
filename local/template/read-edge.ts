/** Reads the edge distribution of a template: which paths go to which API, and the code run on the way. */

import type { EdgeBehaviour } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { object, objects, optionalText, text, type Properties } from './property.ts';

/** The behaviours in the order in which they are tried; none when the template has no distribution. */
export function readEdge(template: Template, apiIds: { http: string; websocket: string }): EdgeBehaviour[] {
  const distributions = template.ofType('AWS::CloudFront::Distribution');
  const [distribution] = distributions;
  if (distribution === undefined) return [];
  if (distributions.length > 1) {
    throw new StartFailure(
      `The local runtime runs templates with one distribution, this one has ${distributions.length}`,
    );
  }
  const config = object(distribution.properties, 'DistributionConfig');
  const origins = new Map(objects(config, 'Origins').map((origin) => [origin['Id'], origin]));
  const code = new Map(
    template
      .ofType('AWS::CloudFront::Function')
      .map((resource) => [
        template.getAtt(resource.logicalId, 'FunctionARN'),
        text(resource, 'FunctionCode'),
      ]),
  );

  function readBehaviour(behaviour: Properties, pathPattern: string): EdgeBehaviour {
    const origin = origins.get(behaviour['TargetOriginId']);
    const domainName = optionalText(origin ?? {}, 'DomainName') ?? '';
    const kind = domainName.includes(apiIds.http)
      ? 'http'
      : domainName.includes(apiIds.websocket)
        ? 'websocket'
        : undefined;
    if (origin === undefined || kind === undefined) {
      throw new StartFailure(
        `The template's behaviour ${pathPattern} has an origin that is none of its APIs: ${domainName}`,
      );
    }
    const viewerRequest = objects(behaviour, 'FunctionAssociations')
      .filter((association) => association['EventType'] === 'viewer-request')
      .map((association) => code.get(String(association['FunctionARN'])))[0];
    const added = objects(origin, 'OriginCustomHeaders').map((header) => [
      String(header['HeaderName']),
      String(header['HeaderValue']),
    ]);
    return {
      pathPattern,
      origin: kind,
      originPath: optionalText(origin, 'OriginPath') ?? '',
      ...(added.length > 0 && { originHeaders: Object.fromEntries(added) as Record<string, string> }),
      ...(viewerRequest !== undefined && { viewerRequest }),
    };
  }

  return [
    ...objects(config, 'CacheBehaviors').map((behaviour) =>
      readBehaviour(behaviour, String(behaviour['PathPattern'])),
    ),
    readBehaviour(object(config, 'DefaultCacheBehavior'), '*'),
  ];
}
