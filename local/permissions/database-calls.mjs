/**
 * What a request to DynamoDB asks of IAM: its action, its table or index, and the partition keys that it names.
 * A transaction is judged part by part, under the part's own name; a batch as a whole.
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
    // Anything else names no item: Scan, PartiQL, what concerns a table.
    default:
      return [
        call(operation, input.TableName ?? '*', undefined, { index: input.IndexName, select: input.Select }),
      ];
  }
}

/** The value that a query compares the partition key with; empty, which no prefix allows, when it does not say. */
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

/** A key as a role is asked about it, which is as text whatever its type. */
function textOf(value) {
  return value === undefined ? '' : String(Object.values(value)[0]);
}
