/** The queues of a local run, in memory, for events and batches that functions failed to process. */

import { createHash, randomUUID } from 'node:crypto';
import type { QueueDefinition } from '../stack.ts';
import { ServiceError, type Operation } from './json-api.ts';

interface QueuedMessage {
  messageId: string;
  body: string;
  sentAtMs: number;
  visibleAtMs: number;
  receiptHandle?: string;
}

export interface Queues {
  /** Sends a message to the queue with a logical id. */
  send(queueId: string, body: string): void;
  /** Returns the bodies of all messages in a queue, oldest first, without receiving them. */
  peek(queueId: string): string[];
  /** The SQS operations that fill, read and empty a dead-letter queue. */
  operations: Record<string, Operation>;
}

const defaultVisibilitySeconds = 30;

/** Creates an empty queue for each definition. `onSent` receives the logical id of the queue of each new message. */
export function createQueues(
  definitions: QueueDefinition[],
  onSent: (queueId: string) => void = () => undefined,
): Queues {
  const messages = new Map<string, QueuedMessage[]>(definitions.map(({ logicalId }) => [logicalId, []]));

  function put(queueId: string, body: string): QueuedMessage {
    const message = { messageId: randomUUID(), body, sentAtMs: Date.now(), visibleAtMs: 0 };
    messages.get(queueId)!.push(message);
    onSent(queueId);
    return message;
  }

  function idOf(input: Record<string, unknown>): string {
    const name = String(input['QueueUrl']).split('/').at(-1);
    const definition = definitions.find(({ queueName }) => queueName === name);
    if (definition === undefined) {
      throw new ServiceError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
    }
    return definition.logicalId;
  }

  const find = (input: Record<string, unknown>): QueuedMessage[] => messages.get(idOf(input))!;

  const operations: Record<string, Operation> = {
    SendMessage(input) {
      const { messageId, body } = put(idOf(input), String(input['MessageBody']));
      return { MessageId: messageId, MD5OfMessageBody: md5(body) };
    },
    ReceiveMessage(input) {
      const nowMs = Date.now();
      const visibilitySeconds = Number(input['VisibilityTimeout'] ?? defaultVisibilitySeconds);
      const received = find(input)
        .filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
        .slice(0, Number(input['MaxNumberOfMessages'] ?? 1));
      return {
        Messages: received.map((message) => {
          message.visibleAtMs = nowMs + visibilitySeconds * 1000;
          message.receiptHandle = randomUUID();
          const { messageId, receiptHandle, body } = message;
          return { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, MD5OfBody: md5(body) };
        }),
      };
    },
    DeleteMessage(input) {
      const queue = find(input);
      const index = queue.findIndex(({ receiptHandle }) => receiptHandle === input['ReceiptHandle']);
      if (index >= 0) queue.splice(index, 1);
    },
    PurgeQueue: (input) => void find(input).splice(0),
    GetQueueAttributes: (input) => ({
      Attributes: { ApproximateNumberOfMessages: String(find(input).length) },
    }),
  };

  return {
    send: (queueId, body) => void put(queueId, body),
    peek: (queueId) => messages.get(queueId)!.map(({ body }) => body),
    operations,
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
