/** Reads the functions of a template, with their bundles' folders and their settings for asynchronous invocation. */

import type { LambdaFunction } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { number, object, optionalText, text, type Resource } from './property.ts';
import { readRole } from './read-roles.ts';

/** The functions; `assetDirectories` holds each asset's folder under its object key. */
export function readFunctions(template: Template, assetDirectories: Map<string, string>): LambdaFunction[] {
  const invokeConfigs = template.ofType('AWS::Lambda::EventInvokeConfig');
  return template.ofType('AWS::Lambda::Function').map((resource) => {
    const { logicalId, properties } = resource;
    const functionName = template.ref(logicalId);
    return {
      logicalId,
      functionName,
      codeDirectory: codeDirectoryOf(resource, assetDirectories),
      handler: text(resource, 'Handler'),
      timeoutSeconds: number(properties, 'Timeout', 3),
      memoryMb: number(properties, 'MemorySize', 128),
      environment: environmentOf(properties),
      role: readRole(resource, template),
      asyncInvocation: asyncInvocationOf(
        invokeConfigs.find((config) => config.properties['FunctionName'] === functionName),
        template,
      ),
    };
  });
}

/** The logical id of the function that an ARN, or an integration's address that holds one, names. */
export function functionIdIn(address: string, functions: LambdaFunction[]): string | undefined {
  const name = /:function:([^:/]+)/.exec(address)?.[1] ?? address;
  return functions.find((candidate) => candidate.functionName === name)?.logicalId;
}

/** The logical id of the queue that an ARN names; a StartFailure when it is no queue of the template. */
export function queueIdOf(arn: string | undefined, template: Template): string | undefined {
  if (arn === undefined) return undefined;
  const queue = template
    .ofType('AWS::SQS::Queue')
    .find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === arn);
  if (queue === undefined)
    throw new StartFailure(`The template sends failures to ${arn}, which is no queue of it`);
  return queue.logicalId;
}

function codeDirectoryOf(resource: Resource, assetDirectories: Map<string, string>): string {
  const key = object(resource.properties, 'Code')['S3Key'];
  const directory = typeof key === 'string' ? assetDirectories.get(key) : undefined;
  if (directory === undefined)
    throw new StartFailure(`The template's function ${resource.logicalId} has no asset with its code`);
  return directory;
}

function environmentOf(properties: Record<string, unknown>): Record<string, string> {
  const variables = object(object(properties, 'Environment'), 'Variables');
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      // A function is told the name of a secret and asks for it itself; its variables are for everybody to read.
      if (String(value).includes('{{resolve:'))
        throw new StartFailure(`The variable ${name} of a function holds a secret of the template`);
      return [name, String(value)];
    }),
  );
}

function asyncInvocationOf(
  config: Resource | undefined,
  template: Template,
): LambdaFunction['asyncInvocation'] {
  const properties = config?.properties ?? {};
  const destination = optionalText(
    object(object(properties, 'DestinationConfig'), 'OnFailure'),
    'Destination',
  );
  const failureQueueId = queueIdOf(destination, template);
  return {
    maximumRetryAttempts: number(properties, 'MaximumRetryAttempts', 2),
    maximumEventAgeSeconds: number(properties, 'MaximumEventAgeInSeconds', 6 * 60 * 60),
    ...(failureQueueId !== undefined && { failureQueueId }),
  };
}
