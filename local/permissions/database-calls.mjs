/**
 * Derives from a request to DynamoDB the calls that IAM must allow: the action, the table or index, and the
 * partition keys. A transaction has one call for each of its parts, under the name of that part; a batch has
 * one per table.
 */

export function databaseCalls(operation, input, { region, accountId, partitionKeys }) {
  const arnOf = (table, index) => {
    const own = table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
    return index === undefined ? own : `${own}/index/${index}`;
  };
  const keyName = (table, index = '') =>
    partitionKeys[table.slice(table.lastIndexOf('/') + 1)]?.[index] ?? '';

  function call(action, table, keys, { index, enclosing, select } = {}) {
    const context = {};
    if (keys !== undefined) context['dynamodb:LeadingKeys'] = keys;
    if (enclosing !== undefined) context['dynamodb:EnclosingOperation'] = enclosing;
    if (select !== undefined) context['dynamodb:Select'] = select;
    return { action: `dynamodb:${action}`, resource: arnOf(table, index), context };
  }

  const keyOf = (table, item) => textOf(item?.[keyName(table)]);
  const onItem = (action, { TableName, Key, Item }, enclosing) =>
    call(action, TableName, [keyOf(TableName, Key ?? Item)], { enclosing });
  const onTables = (requests, keysIn) =>
    Object.entries(requests).map(([table, request]) =>
      call(
        operation,
        table,
        keysIn(request).map((item) => keyOf(table, item)),
      ),
    );

  switch (operation) {
    case 'GetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [onItem(operation, input)];
    case 'Query': {
      const { TableName, IndexName: index, Select: select } = input;
      const keys = [queriedKey(input, keyName(TableName, index))];
      return [call(operation, TableName, keys, { index, select })];
    }
    case 'BatchGetItem':
      return onTables(input.RequestItems, ({ Keys }) => Keys);
    case 'BatchWriteItem':
      return onTables(input.RequestItems, (writes) =>
        writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key),
      );
    case 'TransactGetItems':
      return input.TransactItems.map(({ Get }) => onItem('GetItem', Get, operation));
    case 'TransactWriteItems':
      return input.TransactItems.map((part) => {
        const [[name, item]] = Object.entries(part);
        return onItem(name === 'ConditionCheck' ? 'ConditionCheckItem' : `${name}Item`, item, operation);
      });
    // All other operations name no item: Scan, PartiQL and operations on tables.
    default:
      return [
        call(operation, input.TableName ?? '*', undefined, { index: input.IndexName, select: input.Select }),
      ];
  }
}

/** The partition key of a query; without one it is empty, which no key prefix in a policy allows. */
function queriedKey(input, name) {
  const {
    KeyConditionExpression: expression = '',
    ExpressionAttributeNames: names = {},
    ExpressionAttributeValues: values = {},
    KeyConditions: legacy,
  } = input;
  if (legacy !== undefined) return textOf(legacy[name]?.AttributeValueList?.[0]);
  for (const [, attribute, value] of expression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((names[attribute] ?? attribute) === name) return textOf(values[value]);
  }
  return '';
}

/** IAM compares keys as text, whatever their type. */
function textOf(value) {
  return value === undefined ? '' : String(Object.values(value)[0]);
}
