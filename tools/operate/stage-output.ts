/** The outputs of the stack of a deployed stage. */
import { openAwsApi, type AwsApi } from './aws/aws-api.ts';
import { findStack } from './aws/stacks.ts';
import { OperatorError } from './command-line.ts';
import { assertStage, stackNameOf } from './stage.ts';

/**
 * Returns one output of a stage's stack, such as `TableName`.
 * @throws OperatorError for an unknown stage, or when its stack does not exist or lacks the output
 */
export async function outputOfStage(
  stage: string,
  key: string,
  openApi: () => Promise<AwsApi> = openAwsApi,
): Promise<string> {
  assertStage(stage);
  const api = await openApi();
  const output = (await findStack(api, stackNameOf(stage)))?.outputs[key];
  if (output !== undefined) return output;
  throw new OperatorError(
    `The stack ${stackNameOf(stage)} is not in ${api.region}, or has no output ${key}.`,
  );
}
