/** Ranges of sort keys within one partition of the table or of its index. */
import type { Item } from './item.ts';
import type { lookupIndex } from './keys.ts';

export interface Range {
  partition: string;
  from?: string;
  to?: string;
  prefix?: string;
  index?: typeof lookupIndex;
  descending?: boolean;
  limit?: number;
  startAfter?: Item | undefined;
  consistent?: boolean;
}

/** Returns the parameters of a query for one page of a range. */
export function rangeInput(range: Range) {
  const { partition, from, to, prefix, index, descending, limit, startAfter } = range;
  const [pk, sk] = index === undefined ? (['pk', 'sk'] as const) : (['lookup_pk', 'lookup_sk'] as const);
  return {
    IndexName: index,
    KeyConditionExpression: [
      '#pk = :pk',
      ...(prefix === undefined ? [] : ['begins_with(#sk, :prefix)']),
      ...(from === undefined ? [] : ['#sk BETWEEN :from AND :to']),
    ].join(' AND '),
    ExpressionAttributeNames: {
      '#pk': pk,
      ...(prefix === undefined && from === undefined ? {} : { '#sk': sk }),
    },
    ExpressionAttributeValues: {
      ':pk': partition,
      ...(prefix === undefined ? {} : { ':prefix': prefix }),
      ...(from === undefined ? {} : { ':from': from, ':to': to }),
    },
    ScanIndexForward: !descending,
    Limit: limit,
    ExclusiveStartKey: startAfter,
    ConsistentRead: index === undefined && range.consistent !== false,
  };
}
