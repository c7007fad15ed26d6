/** Reads where the failed invocations of a function or of an event source mapping are sent. */

import type { FailureDestination } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { object, optionalText, type Properties } from './property.ts';

const kinds = { 'AWS::SQS::Queue': 'queue', 'AWS::S3::Bucket': 'bucket' } as const;

/**
 * Reads the destination in the properties of a mapping or of an asynchronous invocation's settings.
 * @throws StartFailure when it is neither a queue nor a bucket of the template
 */
export function readFailureDestination(
  properties: Properties,
  template: Template,
): FailureDestination | undefined {
  const onFailure = object(object(properties, 'DestinationConfig'), 'OnFailure');
  const arn = optionalText(onFailure, 'Destination');
  if (arn === undefined) return undefined;
  for (const [type, kind] of Object.entries(kinds)) {
    const found = template.ofType(type).find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === arn);
    if (found !== undefined) return { kind, logicalId: found.logicalId };
  }
  throw new StartFailure(
    `The template sends failures to ${arn}, which is neither a queue nor a bucket of the template`,
  );
}
