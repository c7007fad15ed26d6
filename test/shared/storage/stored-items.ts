/** Reads items of a started table without the stores, as they are stored. */
import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Started {
  documents: DynamoDBDocumentClient;
  tableName: string;
}

interface StoredKey {
  pk: string;
  sk: string;
}

/** Returns the stored item; undefined when there is none. */
export async function itemOf(
  { documents, tableName }: Started,
  key: StoredKey,
): Promise<Record<string, unknown> | undefined> {
  return (await documents.send(new GetCommand({ TableName: tableName, Key: key }))).Item;
}

/** Returns when the stored item expires, in seconds of the epoch; undefined for an item that does not. */
export const ttlOf = async (started: Started, key: StoredKey): Promise<unknown> =>
  (await itemOf(started, key))?.['ttl'];
