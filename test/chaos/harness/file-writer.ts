/** A client that sends files, repeats what was not answered, and remembers what was. It shares no code with the product. */
import { setTimeout as delay } from 'node:timers/promises';
import { request, type HttpAnswer, type Person, type RoomView } from './people.ts';
import { plainClient, type PlainClient } from './plain-client.ts';
import type { Random } from './random.ts';

/** An attachment of a message that was acknowledged. */
export interface SentFile {
  messageId: string;
  roomId: string;
  userId: string;
  attachmentId: string;
  url: string;
  /** What was posted with the form, before the message was sent. */
  texts: string[];
  /** What its address led to right after the acknowledgement. */
  served: string;
  /** When the deletion of the message was acknowledged, in milliseconds of the wall clock. */
  deletedAtMs?: number;
}

export interface FileWriter {
  person: Person;
  room: RoomView;
  sent: SentFile[];
  /** How often something was given up that should have been answered in the end. */
  givenUp: number;
  /** How often a send was accepted that should have been refused. */
  wronglyAccepted: number;
  /** How often such a send was refused. */
  refused: number;
  upload(texts: readonly string[]): Promise<string | undefined>;
  send(attachmentId: string, texts: string[], over: 'http' | 'socket'): Promise<SentFile | undefined>;
  /** Sends two messages with the same upload at once, of which one must be refused. Returns the other. */
  sendTwice(attachmentId: string, texts: string[]): Promise<SentFile | undefined>;
  /** Sends an upload that this writer may not send. */
  misuse(attachmentId: string): Promise<void>;
  remove(file: SentFile): Promise<void>;
  close(): Promise<void>;
}

const patienceMs = 60_000;

/** Returns what the address of a file leads to; undefined when it cannot be had. */
export async function download(url: string): Promise<string | undefined> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      const text = await response.text();
      if (response.status < 500) return response.ok ? text : undefined;
    } catch (error) {
      if (attempts === 5) throw error;
    }
    await delay(200);
  }
}

/** Problems after which the same request may succeed. */
const passing = new Set(['try_again', 'upload_not_checked', 'upload_missing', 'rate_limited']);

export function fileWriter(
  { url, webSocketUrl }: { url: string; webSocketUrl: string },
  { person, room, random }: { person: Person; room: RoomView; random: Random },
): FileWriter {
  const { access, id: userId } = person;
  const { room_id: roomId, room_name: name } = room;
  const sent: SentFile[] = [];
  const counts = { givenUp: 0, wronglyAccepted: 0, refused: 0 };
  let socket: PlainClient | undefined;
  let sends = 0;

  /** Repeats a request until it is answered by something other than a failure. */
  async function persist(attempt: () => Promise<HttpAnswer | undefined>): Promise<HttpAnswer | undefined> {
    for (const until = Date.now() + patienceMs; Date.now() < until; await delay(random.integer(50, 300))) {
      const answer = await attempt().catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && !passing.has(answer.body?.code)) return answer;
    }
    counts.givenUp += 1;
    return undefined;
  }

  const over = (method: string, path: string, body?: unknown): Promise<HttpAnswer> =>
    request(url, method, path, { access, body, timeoutMs: 15_000 });

  async function post({ url: formUrl, fields }: any, text: string): Promise<HttpAnswer> {
    const data = new FormData();
    for (const [field, value] of Object.entries<string>(fields)) data.append(field, value);
    data.append('file', new Blob([text]), 'file');
    const response = await fetch(formUrl, {
      method: 'POST',
      body: data,
      signal: AbortSignal.timeout(15_000),
    });
    await response.text();
    return { status: response.status, headers: response.headers, body: undefined };
  }

  /** Sends a command, and returns its answer in the form of one over HTTP. */
  async function overSocket(body: object, clientId: string): Promise<HttpAnswer | undefined> {
    if (socket?.isOpen !== true) {
      socket = plainClient({ webSocketUrl, access, room: name });
      await socket.enter('history=0');
    }
    const isAnswer = (event: any): boolean =>
      event.client_id === clientId && (event.type === 'ack' || event.type === 'error');
    const event = await socket.ask({ type: 'message', room_id: roomId, ...body }, isAnswer, 8_000);
    // What is refused over a socket is repeated, in the end over HTTP, which says why.
    if (event?.type !== 'ack') return undefined;
    return over('GET', `/chat/rooms/${roomId}/messages/?after=${event['seq'] - 1}&limit=1`).then(
      ({ body: [message], ...answer }) => ({ ...answer, body: message }),
    );
  }

  const sendFile: FileWriter['send'] = async (attachmentId, texts, way) => {
    const clientId = `f-${(sends += 1)}`;
    const body = { content: '', client_id: clientId, attachments: [attachmentId] };
    let tries = 0;
    const answer = await persist(() =>
      way === 'socket' && (tries += 1) < 8
        ? overSocket(body, clientId)
        : over('POST', `/chat/rooms/${roomId}/messages/`, body),
    );
    if (answer === undefined || answer.status >= 300) return undefined;
    const [shown] = answer.body.attachments ?? [];
    if (shown === undefined) throw new Error(`No attachment in ${JSON.stringify(answer.body)}`);
    const served = (await download(shown.url)) ?? '';
    const file = {
      messageId: answer.body.message_id,
      roomId,
      userId,
      attachmentId,
      url: shown.url,
      texts,
      served,
    };
    sent.push(file);
    return file;
  };

  return {
    person,
    room,
    sent,
    get givenUp() {
      return counts.givenUp;
    },
    get wronglyAccepted() {
      return counts.wronglyAccepted;
    },
    get refused() {
      return counts.refused;
    },
    async upload(texts) {
      const declaration = { name: 'plan.txt', type: 'text/plain', size: texts[0]!.length };
      const form = await persist(() => over('POST', `/chat/rooms/${roomId}/uploads/`, declaration));
      if (form?.status !== 201) return undefined;
      for (const text of texts) await persist(() => post(form.body, text));
      return form.body.upload_id;
    },
    send: sendFile,
    async sendTwice(attachmentId, texts) {
      const [first, second] = await Promise.all([1, 2].map(() => sendFile(attachmentId, texts, 'http')));
      if (first !== undefined && second !== undefined) counts.wronglyAccepted += 1;
      else counts.refused += 1;
      return first ?? second;
    },
    async misuse(attachmentId) {
      const body = { content: 'mine', client_id: `m-${(sends += 1)}`, attachments: [attachmentId] };
      const answer = await persist(() => over('POST', `/chat/rooms/${roomId}/messages/`, body));
      if (answer === undefined) return;
      if (answer.status < 300) counts.wronglyAccepted += 1;
      else counts.refused += 1;
    },
    async remove(file) {
      const answer = await persist(() => over('DELETE', `/chat/messages/${file.messageId}/delete/`));
      if (answer !== undefined) file.deletedAtMs = Date.now();
    },
    close: async () => socket?.close(),
  };
}
