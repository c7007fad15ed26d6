/** Conditions of writes, in the form that DynamoDB takes. */
import type { Item } from './item.ts';

export interface Condition {
  /** In DynamoDB's condition syntax. Attribute names that are reserved words need placeholders. */
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

/** Adds the names and values of a change to those of its condition. */
export function mergeNames(condition: ConditionInput, names: Record<string, string>, values: Item) {
  const all = { ...condition.ExpressionAttributeValues, ...values };
  return {
    ...condition,
    ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, ...names },
    ...(Object.keys(all).length === 0 ? {} : { ExpressionAttributeValues: all }),
  };
}
