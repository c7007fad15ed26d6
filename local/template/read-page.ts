/** Reads what a template says of the page: the files that a deployment copies into a bucket, and their headers. */

import { join } from 'node:path';
import type { FilesDefinition } from '../edge-behavior.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { number, object, objects, text, texts, type Properties } from './property.ts';
import { codeDirectoryOf } from './read-functions.ts';

/** The folder of the files in the code of the function that copies them. */
const filesDirectory = 'files';

/** Returns the files of each bucket by the bucket's domain name. */
export function readPageFiles(
  template: Template,
  assetDirectories: Map<string, string>,
): Map<string, FilesDefinition> {
  const functions = template.ofType('AWS::Lambda::Function');
  const buckets = template.ofType('AWS::S3::Bucket');
  return new Map(
    template.ofType('Custom::PageFiles').map((resource) => {
      const arn = text(resource, 'ServiceToken');
      const copying = functions.find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === arn);
      const name = text(resource, 'Bucket');
      const bucket = buckets.find(({ logicalId }) => template.ref(logicalId) === name);
      if (copying === undefined || bucket === undefined) {
        throw new StartFailure(
          `The template's resource ${resource.logicalId} names a function or a bucket that the template does not have`,
        );
      }
      const files: FilesDefinition = {
        directory: join(codeDirectoryOf(copying, assetDirectories), filesDirectory),
        cacheControl: objects(resource.properties, 'CacheControl').map(({ Prefix, Value }) => ({
          prefix: String(Prefix),
          value: String(Value),
        })),
        contentTypes: Object.fromEntries(
          Object.entries(object(resource.properties, 'ContentTypes')).map(([end, type]) => [
            end,
            String(type),
          ]),
        ),
      };
      return [template.getAtt(bucket.logicalId, 'RegionalDomainName'), files];
    }),
  );
}

/** The security headers of a policy, by the member of the policy that sets them. */
const securityHeaders: Record<string, (member: Properties) => [name: string, value: unknown]> = {
  ContentSecurityPolicy: (member) => ['content-security-policy', member['ContentSecurityPolicy']],
  ContentTypeOptions: () => ['x-content-type-options', 'nosniff'],
  FrameOptions: (member) => ['x-frame-options', member['FrameOption']],
  ReferrerPolicy: (member) => ['referrer-policy', member['ReferrerPolicy']],
  StrictTransportSecurity: (member) => [
    'strict-transport-security',
    `max-age=${number(member, 'AccessControlMaxAgeSec', 0)}`,
  ],
};

/**
 * Returns the headers of a response headers policy of the template.
 * @throws StartFailure for a policy that the template does not have, or a part of it that is not supported
 */
export function readResponseHeaders(template: Template, policyId: string): [name: string, value: string][] {
  const policies = template.ofType('AWS::CloudFront::ResponseHeadersPolicy');
  const policy = policies.find(({ logicalId }) => template.ref(logicalId) === policyId);
  if (policy === undefined) throw new StartFailure(`The template has no response headers policy ${policyId}`);
  const config = object(policy.properties, 'ResponseHeadersPolicyConfig');
  const unsupported = Object.keys(config).filter(
    (name) =>
      !['Name', 'Comment', 'SecurityHeadersConfig', 'CorsConfig', 'CustomHeadersConfig'].includes(name),
  );
  const security = Object.keys(object(config, 'SecurityHeadersConfig'));
  unsupported.push(...security.filter((name) => securityHeaders[name] === undefined));
  if (unsupported.length > 0) {
    throw new StartFailure(
      `The response headers policy ${policy.logicalId} has ${unsupported.join(', ')}, which the local runtime does not support`,
    );
  }
  return [
    ...corsHeaders(object(config, 'CorsConfig')),
    ...security.map((name) => securityHeaders[name]!(object(object(config, 'SecurityHeadersConfig'), name))),
    ...objects(object(config, 'CustomHeadersConfig'), 'Items').map(({ Header, Value }) => [Header, Value]),
  ].map(([name, value]) => [String(name), String(value)]);
}

/** The headers for other origins. Only a policy that allows all of them is supported. */
function corsHeaders(cors: Properties): [name: string, value: unknown][] {
  if (Object.keys(cors).length === 0) return [];
  const origins = texts(object(cors, 'AccessControlAllowOrigins'), 'Items');
  if (String(origins) !== '*')
    throw new StartFailure(
      `A response headers policy allows the origins ${origins.join(', ')}; the local runtime supports "*" alone`,
    );
  const exposed = texts(object(cors, 'AccessControlExposeHeaders'), 'Items');
  return [
    ['access-control-allow-origin', '*'],
    ...(exposed.length > 0 ? [['access-control-expose-headers', exposed.join(',')] as [string, string]] : []),
  ];
}
