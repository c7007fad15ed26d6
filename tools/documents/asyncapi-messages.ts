/** The commands and events as messages of the AsyncAPI document. */
import type * as z from 'zod';
import { frameCodes } from '../../shared/contract/errors.ts';
import { commands, variants, type CommandName } from '../../shared/contract/websocket/commands.ts';
import { events, type EventName } from '../../shared/contract/websocket/events.ts';
import { commandExamples, eventExamples } from './examples.ts';
import { type Direction, type JsonSchema, namesOf } from './json-schema.ts';
import type { SchemaCollection } from './schema-collection.ts';

/** The predecessor's form of `message`, which has no type. */
export const untypedMessageName = 'message_without_type';

export const commandNames = namesOf(commands);
export const eventNames = namesOf(events);

/** Commands that are only allowed on a socket that was opened without a room. */
export const roomlessCommands: readonly CommandName[] = ['join', 'leave', 'inbox'];

/** The event that answers a command, for commands that are answered to the sender alone. */
export const replies: Partial<Record<CommandName, EventName>> = {
  message: 'ack',
  history: 'history_end',
  join: 'ready',
  inbox: 'ready',
  ping: 'pong',
};

/** Returns the payload of a frame, and its description as the summary of the message. */
export function payloadOf(
  schema: z.ZodType,
  direction: Direction,
  schemas: SchemaCollection,
): { summary: string; payload: JsonSchema } {
  const { description, ...payload } = schemas.expand(schema, direction);
  return { summary: description ?? '', payload };
}

/** Adds the closed lists of codes and names to the payload of `error` or `close`. */
function withCodes({ properties = {}, ...payload }: JsonSchema): JsonSchema {
  const lists: Record<string, unknown[]> = {
    code: Object.values(frameCodes).map((row) => row.code),
    name: namesOf(frameCodes),
  };
  const fields = Object.entries(properties).map(([name, field]): [string, JsonSchema] => {
    const list = lists[name];
    return [name, list === undefined ? field : { ...field, enum: list }];
  });
  return { ...payload, properties: Object.fromEntries(fields) };
}

function message(name: string, title: string, summary: string, payload: JsonSchema, example: unknown) {
  return { name, title, summary, contentType: 'application/json', payload, examples: [{ payload: example }] };
}

/** Returns all commands and events by name, including the predecessor's form of `message`. */
export function asyncapiMessages(schemas: SchemaCollection): Record<string, unknown> {
  const messages: Record<string, unknown> = {};
  for (const name of commandNames) {
    const { summary, payload } = payloadOf(commands[name], 'input', schemas);
    messages[name] = message(name, `Command: ${name}`, summary, payload, commandExamples[name]);
  }
  const untyped = payloadOf(variants.untypedMessage, 'input', schemas);
  messages[untypedMessageName] = message(
    untypedMessageName,
    'Command: message, without a type',
    'The short form of `message`: the field `message` is the content.',
    untyped.payload,
    { message: 'hello' },
  );
  for (const name of eventNames) {
    const { summary, payload } = payloadOf(events[name], 'output', schemas);
    const shown = name === 'error' || name === 'close' ? withCodes(payload) : payload;
    messages[name] = message(name, `Event: ${name}`, summary, shown, eventExamples[name]);
  }
  return messages;
}
