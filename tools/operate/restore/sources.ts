/** Where items are restored from: another table, such as one that was restored to a point in time, or an export to S3. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../../shared/storage/item.ts';
import { OperatorError } from '../command-line.ts';

/** Reads every item of a table, page by page. */
export async function* itemsOfTable(client: DynamoDBDocumentClient, tableName: string): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ...(after !== undefined && { ExclusiveStartKey: after }) }),
    );
    yield* page.Items ?? [];
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
}

/**
 * Reads every item of an export of DynamoDB to S3 in the format DYNAMODB_JSON, whose folder `data` was downloaded: files
 * `*.json.gz` with a line `{"Item": {…}}` for each item.
 * @throws OperatorError when the folder has no such file, or a line has another form
 */
export async function* itemsOfExport(folder: string): AsyncGenerator<Item> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new OperatorError(`The folder ${folder} cannot be read.`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.json.gz')).toSorted();
  if (files.length === 0) throw new OperatorError(`There are no files *.json.gz in ${folder}.`);
  for (const file of files) {
    const path = join(folder, file);
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
      line += 1;
      yield itemOf(text, `${path}, line ${line}`);
    }
  }
}

function itemOf(text: string, place: string): Item {
  try {
    const { Item: item } = JSON.parse(text) as { Item: Parameters<typeof unmarshall>[0] };
    return unmarshall(item);
  } catch (cause) {
    throw new OperatorError(`${place} is not an item of an export in the format DYNAMODB_JSON.`, { cause });
  }
}
