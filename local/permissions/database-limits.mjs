/**
 * Refuses requests that DynamoDB refuses and the embedded engine accepts, so that such a request fails in a local run as it
 * would on AWS. It is plain JavaScript because it runs in the functions' workers.
 */

const boundaries = 'The provided starting key is outside query boundaries based on provided conditions';

/** Returns the message with which DynamoDB refuses the request; undefined when it accepts it. */
export function databaseRefusal(operation, input, { partitionKeys, indexKeyBytes }) {
  if (operation === 'Query') return startsElsewhere(input, partitionKeys) ? boundaries : undefined;
  for (const { TableName, written } of writesOf(operation, input)) {
    const limits = indexKeyBytes[tableIn(TableName)] ?? {};
    for (const [name, maxBytes] of Object.entries(limits)) {
      const bytes = bytesOf(written[name]);
      if (bytes > maxBytes)
        return `One or more parameter values were invalid: Size of the index key ${name} is ${bytes} bytes, which exceeds the maximum of ${maxBytes} bytes`;
    }
  }
  return undefined;
}

const tableIn = (table = '') => table.slice(table.lastIndexOf('/') + 1);

/** Whether a query begins after a key of another partition than the one that it reads. */
function startsElsewhere(input, partitionKeys) {
  const { TableName, IndexName = '', ExclusiveStartKey: start } = input;
  if (start === undefined || start === null) return false;
  const name = partitionKeys[tableIn(TableName)]?.[IndexName];
  const queried = equalities(input.KeyConditionExpression, input)[name];
  return queried !== undefined && JSON.stringify(start[name]) !== JSON.stringify(queried);
}

/** The attributes that each write of the request stores, as far as they stand in the request. */
function writesOf(operation, input) {
  switch (operation) {
    case 'PutItem':
      return [{ TableName: input.TableName, written: input.Item }];
    case 'UpdateItem':
      return [{ TableName: input.TableName, written: equalities(input.UpdateExpression, input) }];
    case 'BatchWriteItem':
      return Object.entries(input.RequestItems).flatMap(([TableName, requests]) =>
        requests.flatMap(({ PutRequest }) => (PutRequest ? [{ TableName, written: PutRequest.Item }] : [])),
      );
    case 'TransactWriteItems':
      return input.TransactItems.flatMap(({ Put, Update }) => [
        ...(Put ? writesOf('PutItem', Put) : []),
        ...(Update ? writesOf('UpdateItem', Update) : []),
      ]);
    default:
      return [];
  }
}

/** The attributes that an expression equates with, or sets to, a value of the request. */
function equalities(expression = '', { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }) {
  const found = {};
  for (const [, attribute, value] of expression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g))
    found[ExpressionAttributeNames[attribute] ?? attribute] = ExpressionAttributeValues[value];
  return found;
}

function bytesOf(value) {
  if (value?.S !== undefined) return Buffer.byteLength(value.S);
  return value?.B === undefined ? 0 : Buffer.from(value.B, 'base64').length;
}
