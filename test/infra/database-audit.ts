/**
 * Stands between a local run's functions and its database, and notes which partition keys each function asks for,
 * by which actions: each says its name in the user agent (see app-with-names.ts). It knows neither roles nor grants.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One item or range that a request touches, as a role is asked about it. */
export interface Access {
  /** Name of the function that asked. */
  name: string;
  action: string;
  index: string | undefined;
  /** Partition key of the table, or of the index. */
  key: string;
}

export interface DatabaseAudit {
  endpoint: string;
  /** Everything that functions asked for so far. */
  accesses: Access[];
  close(): Promise<void>;
}

type Touched = Omit<Access, 'name'>;
type Keyed = Record<string, { S: string }>;

const pkOf = (item: Keyed | undefined): string => item?.['pk']?.S ?? '';

const at = (action: string, item: Keyed | undefined, index?: string): Touched => ({
  action,
  index,
  key: pkOf(item),
});

/** What a request touches. Throws for an operation whose keys it cannot tell. */
function touchedBy(operation: string, input: any): Touched[] {
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [at(operation, input.Key)];
    case 'PutItem':
      return [at(operation, input.Item)];
    case 'Query': {
      const [, value = ''] = /^#\w+ = (:\w+)/.exec(input.KeyConditionExpression) ?? [];
      return [at(operation, { pk: input.ExpressionAttributeValues[value] }, input.IndexName)];
    }
    case 'BatchGetItem':
      return tables(input.RequestItems).flatMap(({ Keys }) => Keys.map((key: Keyed) => at(operation, key)));
    case 'BatchWriteItem':
      return tables(input.RequestItems)
        .flat()
        .map(({ PutRequest, DeleteRequest }) => at(operation, PutRequest?.Item ?? DeleteRequest.Key));
    // A role is asked about each part by the part's own name.
    case 'TransactWriteItems':
      return input.TransactItems.map(({ Put, Update, Delete, ConditionCheck }: any) => {
        if (Put) return at('PutItem', Put.Item);
        if (Update) return at('UpdateItem', Update.Key);
        return Delete ? at('DeleteItem', Delete.Key) : at('ConditionCheckItem', ConditionCheck.Key);
      });
    default:
      throw new Error(`A function called ${operation}`);
  }
}

const tables = (byTable: Record<string, any>): any[] => Object.values(byTable);

/** A database at an address of its own, which is that of `engine` with its callers noted. */
export async function auditDatabase(engine: string): Promise<DatabaseAudit> {
  const accesses: Access[] = [];

  function note({ headers }: IncomingMessage, body: Buffer): void {
    const name = / app\/(\w+)/.exec(headers['user-agent'] ?? '')?.[1];
    if (name === undefined) return;
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const touched = touchedBy(operation, JSON.parse(body.toString()));
    accesses.push(...touched.map((access) => ({ name, ...access })));
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    note(incoming, body);
    const outgoing = request(engine, { method: incoming.method, headers: incoming.headers });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: Error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accesses,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
