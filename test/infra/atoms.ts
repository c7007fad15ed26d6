/** Splits statements and calls into comparable permissions: one action on one resource under one key prefix. */
import type { AwsCall, Statement } from '../../local/permissions/policy.mjs';
import { listOf } from './synthesized.ts';

/** Actions that Lambda itself performs with the role: logs, traces, reading the stream, storing failures. */
const doneByLambda = /^(logs|xray):|^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;
const bucketOfLambda = /^arn:aws:s3:::failedInvocations/i;

const atom = (action: string, resource: string, key = ''): string => `${action} ${resource} ${key}`.trim();

/** Removes the partition, service, region and account from an ARN. */
const short = (resource: string): string => resource.replace(/^arn:aws:[\w-]+:[\w-]*:\d*:/, '');

/** Returns the permissions that statements allow. */
export function atomsAllowed(statements: Statement[]): string[] {
  return statements.flatMap(({ Action = [], Resource = [], Condition }) => {
    const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ??
      Condition?.['StringLike']?.['s3:prefix'] ?? [undefined];
    return listOf(Action)
      .filter((action) => !doneByLambda.test(action))
      .flatMap((action) =>
        listOf(Resource)
          .filter((resource) => !bucketOfLambda.test(resource))
          .flatMap((resource) =>
            listOf(keys as string | string[]).map((key) => atom(action, short(resource), key)),
          ),
      );
  });
}

/** Returns the permissions that a call needs, in the form of `atomsAllowed`. */
export function atomsAsked({ action, resource, context }: AwsCall): string[] {
  if (action.startsWith('s3:'))
    return [atom(action, folderOf(short(resource)), folderOf(context?.['s3:prefix']))];
  const on = short(resource).replace(/(?<=@connections\/).*/, '*');
  const keys = listOf(context?.['dynamodb:LeadingKeys'] ?? [undefined as unknown as string]);
  return keys.map((key) => atom(action, on, key?.replace(/(?<=#)(?!PUBLIC$).*|(?<=#PUBLIC)$/, '*')));
}

/** Returns the folder that a permission names for an object, which begins with its bucket, or for the start of keys. */
function folderOf(text: string | string[] = ''): string {
  return String(text).replace(/(?<=\b(incoming|files|pictures)\/).*/, '*');
}
