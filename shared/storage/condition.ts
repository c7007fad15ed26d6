/** Conditions of writes, as DynamoDB wants them. */
import type { Item } from './item.ts';

export interface Condition {
  /** DynamoDB's condition syntax; attribute names in it must not be reserved words. */
  if: string;
  names?: Record<string, string>;
  values?: Item;
}

export interface ConditionInput {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

export function conditionInput(condition: Condition | undefined): ConditionInput {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.if,
    ...(condition.names === undefined ? {} : { ExpressionAttributeNames: condition.names }),
    ...(condition.values === undefined ? {} : { ExpressionAttributeValues: condition.values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Together with the names and values of a change. */
export function mergeNames(condition: ConditionInput, names: Record<string, string>, values: Item) {
  const all = { ...condition.ExpressionAttributeValues, ...values };
  return {
    ...condition,
    ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, ...names },
    ...(Object.keys(all).length === 0 ? {} : { ExpressionAttributeValues: all }),
  };
}
