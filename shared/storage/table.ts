/** Requests to the table: a thin layer over the SDK that returns failed conditions as values, and retries conflicts and
 * throttled requests. */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type BatchGetCommandOutput,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { chunk } from '../domain/chunk.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { changeExpression, type Change } from './change-expression.ts';
import { conditionInput, mergeNames, type Condition } from './condition.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { rangeInput, type Range } from './range.ts';
import { pauseBeforeRound, retryRefused, unlessThrottled } from './retries.ts';

/** The outcome of a write. When its condition failed, `item` is the item that exists instead. */
export type Outcome = { ok: true; item: Item } | { ok: false; item: Item | undefined };

/** One write of a transaction. */
export type Step =
  | { put: Item; condition?: Condition }
  | { update: Key; change: Change; condition?: Condition }
  | { remove: Key; condition?: Condition };

/** The outcome of a transaction: for each step of a canceled one, the existing item if the step's condition failed. */
export type TransactionOutcome =
  { ok: true } | { ok: false; failed: ({ item: Item | undefined } | undefined)[] };

type WriteRequests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

const batchGetKeys = 100;
const batchWriteItems = 25;

export class Table {
  private readonly client: Pick<DynamoDBDocumentClient, 'send'>;
  readonly name: string;

  constructor(client: Pick<DynamoDBDocumentClient, 'send'>, name: string) {
    this.client = client;
    this.name = name;
  }

  /**
   * Reads one item, consistently by default. Like every request of the table, it is retried while the table is throttled.
   * @throws ChatError `try_again` when the table stays throttled
   */
  async get(key: Key, { consistent = true } = {}): Promise<Item | undefined> {
    const { Item } = await retryRefused(() =>
      this.client.send(new GetCommand({ TableName: this.name, Key: key, ConsistentRead: consistent })),
    );
    return Item;
  }

  /**
   * Reads several items in no order, without those that do not exist, with one request for each 100 keys. With `only`,
   * items have only that attribute.
   * @throws ChatError `try_again` when the table is throttled
   */
  async getMany(
    keys: Key[],
    { consistent = true, only }: { consistent?: boolean; only?: string } = {},
  ): Promise<Item[]> {
    const reading = { ConsistentRead: consistent, ProjectionExpression: only };
    const chunks = chunk(uniqueKeys(keys), batchGetKeys);
    const found = await waitForAll(chunks.map((part) => this.getChunk(part, reading)));
    return found.flat();
  }

  private async getChunk(
    part: Key[],
    reading: { ConsistentRead: boolean; ProjectionExpression: string | undefined },
  ): Promise<Item[]> {
    const items: Item[] = [];
    let pending: Item[] = part as unknown as Item[];
    for (let round = 0; pending.length > 0; round += 1) {
      await pauseBeforeRound(round);
      const request = { [this.name]: { Keys: pending, ...reading } };
      const answer: BatchGetCommandOutput | undefined = await unlessThrottled(() =>
        this.client.send(new BatchGetCommand({ RequestItems: request })),
      );
      if (answer === undefined) continue;
      items.push(...(answer.Responses?.[this.name] ?? []));
      pending = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return items;
  }

  /** Reads one page of a range. `last` is the key that the next page starts after, undefined at the end. */
  async page(range: Range): Promise<{ items: Item[]; last: Item | undefined }> {
    const { Items, LastEvaluatedKey } = await retryRefused(() =>
      this.client.send(new QueryCommand({ TableName: this.name, ...rangeInput(range) })),
    );
    return { items: Items ?? [], last: LastEvaluatedKey };
  }

  /** Reads a whole range, or up to `limit` items of it, with as many requests as it takes. */
  async all(range: Range): Promise<Item[]> {
    const items: Item[] = [];
    let startAfter = range.startAfter;
    do {
      const limit = range.limit === undefined ? {} : { limit: range.limit - items.length };
      const page = await this.page({ ...range, ...limit, startAfter });
      items.push(...page.items);
      startAfter = page.last;
    } while (startAfter !== undefined && (range.limit === undefined || items.length < range.limit));
    return range.limit === undefined ? items : items.slice(0, range.limit);
  }

  /** Stores an item. The outcome has it. */
  async put(item: Item, condition?: Condition): Promise<Outcome> {
    return retryRefused(() =>
      this.conditional(async () => {
        await this.client.send(
          new PutCommand({ TableName: this.name, Item: item, ...conditionInput(condition) }),
        );
        return item;
      }),
    );
  }

  /** Changes an item, which need not exist. The outcome has the item after the change. */
  async update(key: Key, change: Change, condition?: Condition): Promise<Outcome> {
    const { expression, names, values } = changeExpression(change);
    return retryRefused(() =>
      this.conditional(async () => {
        const { Attributes } = await this.client.send(
          new UpdateCommand({
            TableName: this.name,
            Key: key,
            UpdateExpression: expression,
            ReturnValues: 'ALL_NEW',
            ...mergeNames(conditionInput(condition), names, values),
          }),
        );
        return Attributes ?? {};
      }),
    );
  }

  /** Deletes an item. The outcome has the deleted item, which is empty if none existed. */
  async remove(key: Key, condition?: Condition): Promise<Outcome> {
    return retryRefused(() =>
      this.conditional(async () => {
        const { Attributes } = await this.client.send(
          new DeleteCommand({
            TableName: this.name,
            Key: key,
            ReturnValues: 'ALL_OLD',
            ...conditionInput(condition),
          }),
        );
        return Attributes ?? {};
      }),
    );
  }

  /**
   * Deletes several items, not all or nothing.
   * @throws ChatError `try_again` when the table is throttled and some are left
   */
  async removeMany(keys: Key[]): Promise<void> {
    await this.writeMany(uniqueKeys(keys).map((key) => ({ DeleteRequest: { Key: key } })));
  }

  private async writeMany(requests: WriteRequests): Promise<void> {
    for (const part of chunk(requests, batchWriteItems)) {
      let pending: WriteRequests | undefined = part;
      for (let round = 0; pending !== undefined && pending.length > 0; round += 1) {
        await pauseBeforeRound(round);
        const request: BatchWriteCommandInput['RequestItems'] = { [this.name]: pending };
        const answer: BatchWriteCommandOutput | undefined = await unlessThrottled(() =>
          this.client.send(new BatchWriteCommand({ RequestItems: request })),
        );
        if (answer !== undefined) pending = answer.UnprocessedItems?.[this.name];
      }
    }
  }

  /** Carries out all steps or none. */
  async transact(steps: Step[]): Promise<TransactionOutcome> {
    const input: TransactWriteCommandInput = { TransactItems: steps.map((step) => this.transactItem(step)) };
    return retryRefused(async () => {
      try {
        await this.client.send(new TransactWriteCommand(input));
        return { ok: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = error.CancellationReasons ?? [];
        if (!reasons.some((reason) => reason.Code === 'ConditionalCheckFailed')) throw error;
        return {
          ok: false,
          failed: reasons.map(({ Code, Item }) =>
            Code === 'ConditionalCheckFailed' ? { item: Item && unmarshall(Item) } : undefined,
          ),
        };
      }
    });
  }

  private transactItem(step: Step): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
    const TableName = this.name;
    if ('put' in step) return { Put: { TableName, Item: step.put, ...conditionInput(step.condition) } };
    if ('remove' in step)
      return { Delete: { TableName, Key: step.remove, ...conditionInput(step.condition) } };
    const { expression, names, values } = changeExpression(step.change);
    return {
      Update: {
        TableName,
        Key: step.update,
        UpdateExpression: expression,
        ...mergeNames(conditionInput(step.condition), names, values),
      },
    };
  }

  private async conditional(write: () => Promise<Item>): Promise<Outcome> {
    try {
      return { ok: true, item: await write() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { ok: false, item: error.Item && unmarshall(error.Item) };
    }
  }
}

/** DynamoDB rejects a batch that names a key twice. */
function uniqueKeys(all: Key[]): Key[] {
  return [...new Map(all.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values()];
}
