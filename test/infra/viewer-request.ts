/** Runs the CloudFront functions of a template as the distribution does. */
import { createContext, runInContext } from 'node:vm';
import type { Template } from 'aws-cdk-lib/assertions';
import { onlyOf, resourcesOf } from './synthesized.ts';

export interface EdgeRequest {
  uri: string;
  headers: Record<string, { value: string }>;
  querystring: Record<string, { value: string }>;
}

export interface Behavior extends Record<string, unknown> {
  PathPattern?: string;
  TargetOriginId: string;
  FunctionAssociations: { EventType: string; FunctionARN: { 'Fn::GetAtt': [string, string] } }[];
}

export interface DistributionConfig {
  Origins: ({ Id: string } & Record<string, unknown>)[];
  DefaultCacheBehavior: Behavior;
  CacheBehaviors: Behavior[];
}

export function distributionOf(template: Template): DistributionConfig {
  return onlyOf(template, 'AWS::CloudFront::Distribution')['Properties'].DistributionConfig;
}

/** Returns the only function of a behavior, made from its deployed source. */
export function viewerRequest(
  template: Template,
  { FunctionAssociations: [association, ...others] }: Behavior,
): (uri: string, querystring?: EdgeRequest['querystring'], headers?: EdgeRequest['headers']) => EdgeRequest {
  if (association?.EventType !== 'viewer-request' || others.length > 0)
    throw new Error('Expected exactly one function, for viewer requests');
  const [id] = association.FunctionARN['Fn::GetAtt'];
  const source: string = resourcesOf(template, 'AWS::CloudFront::Function')[id]!['Properties'].FunctionCode;
  return (uri, querystring = {}, headers = {}) => {
    const context = createContext({
      event: { viewer: { ip: '203.0.113.7' }, request: { method: 'GET', uri, querystring, headers } },
    });
    return structuredClone(runInContext(`${source}\nhandler(event)`, context));
  };
}
