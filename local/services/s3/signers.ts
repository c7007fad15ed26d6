/** Who may sign requests to the buckets: the functions, each with its role, and the operator of the runtime. */

import type { AwsCredentials } from '../../engine/dynamodb-request.ts';
import { functionOfCredentials, functionCredentials } from '../../functions/function-credentials.ts';
import { compilePolicy, type AwsCall, type Verdict } from '../../permissions/policy.mjs';
import type { LambdaFunction } from '../../stack.ts';
import { S3Error } from './s3-error.ts';

export interface Signer {
  credentials: AwsCredentials;
  /** Decides as the role of a function; an operator may do everything. */
  verdictOn: (call: AwsCall) => Verdict;
  /** The name by which an error calls the caller. */
  arn: string;
}

/**
 * Returns the signer with credentials.
 * @throws S3Error InvalidAccessKeyId, InvalidToken
 */
export type FindSigner = (accessKeyId: string, sessionToken: string | undefined) => Signer;

export interface SignersOptions {
  functions: Pick<LambdaFunction, 'logicalId' | 'functionName' | 'role'>[];
  accountId: string;
  /** The credentials that may do everything. */
  operators: AwsCredentials[];
}

/** Creates the search. A function's credentials are valid as long as the run, also when its environment has ended. */
export function createSigners({ functions, accountId, operators }: SignersOptions): FindSigner {
  const verdicts = new Map(
    functions.map(({ logicalId, role }) => [logicalId, compilePolicy(role.statements)] as const),
  );
  return (accessKeyId, sessionToken) => {
    const operator = operators.find((one) => one.accessKeyId === accessKeyId);
    if (operator !== undefined)
      return {
        credentials: operator,
        verdictOn: () => 'allowed',
        arn: `arn:aws:iam::${accountId}:user/operator`,
      };
    const lambda = functions.find(({ logicalId }) => logicalId === functionOfCredentials(accessKeyId));
    // As on AWS, temporary credentials are unknown without their token.
    if (lambda === undefined || sessionToken === undefined)
      throw new S3Error(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        { AWSAccessKeyId: accessKeyId },
      );
    const credentials = { ...functionCredentials(lambda.logicalId), accessKeyId };
    if (credentials.sessionToken !== sessionToken)
      throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
    return {
      credentials,
      verdictOn: verdicts.get(lambda.logicalId)!,
      arn: `arn:aws:sts::${accountId}:assumed-role/${lambda.role.name}/${lambda.functionName}`,
    };
  };
}
