/** The static resources of the function, by path without a trailing slash. */
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

/** Returns the resource at a path with or without a trailing slash, or undefined. */
export function findResource(path: string): Resource | undefined {
  return resources.get(path.replace(/\/$/, ''));
}
