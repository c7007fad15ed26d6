/** What a role allows, and what calls ask for, in the smallest parts: one action on one resource under one prefix. */
import type { AwsCall, Statement } from '../../local/permissions/policy.mjs';
import { listOf } from './synthesized.ts';

/** Lambda itself does these with the role: it logs, traces, reads the stream and puts aside what failed. */
const doneByLambda = /^(logs|xray|sqs):|^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;

const atom = (action: string, resource: string, key = ''): string => `${action} ${resource} ${key}`.trim();

/** `arn:aws:dynamodb:us-east-1:000000000000:table/x` without what is the same for all. */
const short = (resource: string): string => resource.replace(/^arn:aws:[\w-]+:[\w-]*:\d*:/, '');

export function atomsAllowed(statements: Statement[]): string[] {
  return statements.flatMap(({ Action = [], Resource = [], Condition }) => {
    const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [undefined];
    return listOf(Action)
      .filter((action) => !doneByLambda.test(action))
      .flatMap((action) =>
        listOf(Resource).flatMap((resource) =>
          listOf(keys as string | string[]).map((key) => atom(action, short(resource), key)),
        ),
      );
  });
}

/** In the words of `atomsAllowed`: keys by their prefix, connections by their method. */
export function atomsAsked({ action, resource, context }: AwsCall): string[] {
  const on = short(resource).replace(/(?<=@connections\/).*/, '*');
  const keys = listOf(context?.['dynamodb:LeadingKeys'] ?? [undefined as unknown as string]);
  return keys.map((key) => atom(action, on, key?.replace(/(?<=#)(?!PUBLIC$).*|(?<=#PUBLIC)$/, '*')));
}
