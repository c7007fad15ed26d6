/** Reads the functions of a template, with their bundles and asynchronous invocation settings. */

import type { LambdaFunction } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { number, object, optionalText, text, type Resource } from './property.ts';
import { readFailureDestination } from './read-failure-destination.ts';
import { readRole } from './read-roles.ts';

/**
 * Reads the functions; `assetDirectories` maps the object key of each asset to its folder. A function of a custom resource
 * runs during a deployment only, so it is left out.
 */
export function readFunctions(template: Template, assetDirectories: Map<string, string>): LambdaFunction[] {
  const invokeConfigs = template.ofType('AWS::Lambda::EventInvokeConfig');
  const aliases = template.ofType('AWS::Lambda::Alias');
  const ofDeployments = template
    .ofType('Custom::PageFiles')
    .map((resource) => text(resource, 'ServiceToken'));
  const functions = template
    .ofType('AWS::Lambda::Function')
    .filter(({ logicalId }) => !ofDeployments.includes(template.getAtt(logicalId, 'Arn')));
  return functions.map((resource) => {
    const { logicalId, properties } = resource;
    const functionName = template.ref(logicalId);
    const alias = aliases.find(({ properties: { FunctionName: name } }) => name === functionName);
    return {
      logicalId,
      functionName,
      ...(alias !== undefined && { alias: text(alias, 'Name') }),
      codeDirectory: codeDirectoryOf(resource, assetDirectories),
      handler: text(resource, 'Handler'),
      timeoutSeconds: number(properties, 'Timeout', 3),
      memoryMb: number(properties, 'MemorySize', 128),
      ...(properties['ReservedConcurrentExecutions'] !== undefined && {
        reservedConcurrency: number(properties, 'ReservedConcurrentExecutions', 0),
      }),
      logGroup: optionalText(object(properties, 'LoggingConfig'), 'LogGroup') ?? '',
      environment: environmentOf(properties),
      role: readRole(resource, template),
      asyncInvocation: asyncInvocationOf(
        invokeConfigs.find((config) => config.properties['FunctionName'] === functionName),
        template,
      ),
    };
  });
}

/**
 * Returns the logical id of the function in an ARN, in an integration URI that contains one, or in a name. A version or an
 * alias at the end is ignored, since each function has one version locally.
 */
export function functionIdIn(address: string, functions: LambdaFunction[]): string | undefined {
  const name = /:function:([^:/]+)/.exec(address)?.[1] ?? address.split(':')[0];
  return functions.find((candidate) => candidate.functionName === name)?.logicalId;
}

export function codeDirectoryOf(resource: Resource, assetDirectories: Map<string, string>): string {
  const key = object(resource.properties, 'Code')['S3Key'];
  const directory = typeof key === 'string' ? assetDirectories.get(key) : undefined;
  if (directory === undefined)
    throw new StartFailure(`The template's function ${resource.logicalId} has no asset for its code`);
  return directory;
}

function environmentOf(properties: Record<string, unknown>): Record<string, string> {
  const variables = object(object(properties, 'Environment'), 'Variables');
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      // Everyone with read access can see environment variables, so a function must fetch a secret itself.
      if (String(value).includes('{{resolve:'))
        throw new StartFailure(
          `The environment variable ${name} of a function contains a secret; pass the secret's ARN instead`,
        );
      return [name, String(value)];
    }),
  );
}

function asyncInvocationOf(
  config: Resource | undefined,
  template: Template,
): LambdaFunction['asyncInvocation'] {
  const properties = config?.properties ?? {};
  const onFailure = readFailureDestination(properties, template);
  return {
    maximumRetryAttempts: number(properties, 'MaximumRetryAttempts', 2),
    maximumEventAgeSeconds: number(properties, 'MaximumEventAgeInSeconds', 6 * 60 * 60),
    ...(onFailure !== undefined && { onFailure }),
  };
}
