/** Everything that the function serves, by path without a trailing slash. */
import asyncapi from '../../asyncapi.yaml' with { type: 'text' };
import openapi from '../../openapi.yaml' with { type: 'text' };
import { version } from '../../package.json';
import { resource, type Resource } from './resource.ts';
import { swaggerResources } from './swagger.ts';

const yaml = 'application/yaml';

const health = resource('application/json', JSON.stringify({ status: 'ok', version }));

const resources: ReadonlyMap<string, Resource> = new Map([
  ...Object.entries(swaggerResources),
  ['/openapi.json', resource('application/json', OPENAPI_JSON)],
  ['/openapi.yaml', resource(yaml, openapi)],
  ['/asyncapi.yaml', resource(yaml, asyncapi)],
  ['/health', health],
]);

/** What is at a path, with or without its trailing slash. */
export function findResource(path: string): Resource | undefined {
  return resources.get(path.replace(/\/$/, ''));
}
