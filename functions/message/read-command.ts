/** From a frame to a command, by the contract's rows. */
import { limits } from '../../shared/contract/limits.ts';
import { isLineOfText } from '../../shared/contract/text.ts';
import { commands, variants, type Command } from '../../shared/contract/websocket/commands.ts';
import { ChatError, invalidField } from '../../shared/domain/chat-error.ts';
import { validate } from '../../shared/lambda/validate.ts';

/** Throws `invalid_request`, `payload_too_large`. */
export function readCommand(frame: unknown): Command {
  if (!isObject(frame)) throw new ChatError('invalid_request', { detail: 'A frame is one JSON object' });
  const { type } = frame;
  if (type === undefined && 'message' in frame) return validate(variants.untypedMessage, frame);
  if (typeof type !== 'string' || !Object.hasOwn(commands, type)) {
    throw invalidField('type', 'is none of the known commands');
  }
  return validate(commands[type as keyof typeof commands], frame);
}

/** Throws `payload_too_large`, `invalid_request`. */
export function parseFrame(body: string | undefined): unknown {
  if (Buffer.byteLength(body ?? '') > limits.frameBytes) throw new ChatError('payload_too_large');
  try {
    return JSON.parse(body ?? '') as unknown;
  } catch {
    // The parser's own message would quote what was sent.
    throw new ChatError('invalid_request', { detail: 'The frame is not JSON' });
  }
}

/** What an error refers to: read without trust, since it is wanted for frames that fail validation too. */
export function refOf(frame: unknown): string | undefined {
  if (!isObject(frame)) return undefined;
  const { ref, client_id: clientId } = frame;
  return [ref, clientId].find(
    (candidate) =>
      typeof candidate === 'string' &&
      candidate !== '' &&
      candidate.length <= limits.refLength &&
      isLineOfText(candidate),
  ) as string | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
