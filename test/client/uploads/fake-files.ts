/** The part of a chat server in memory that takes files: declarations, the forms of the storage, checks and addresses. */
import { problem } from '../fake-system.ts';
import { ann, bob } from '../server-events.ts';

export interface FakeUpload {
  id: string;
  roomId: string;
  user: string;
  declared: { name: string; type: string; size: number; alt?: string };
  declaredAtMs: number;
  /** The text of the file that was posted; undefined until then. */
  text: string | undefined;
  /** Why the check refuses it. */
  refusal: string | undefined;
  isChecked: boolean;
  /** The `client_id` of the message that has it. */
  attachedTo: string | undefined;
}

export interface FakeRequest {
  method: string;
  url: URL;
  init: RequestInit | undefined;
  user: string;
}

const formUrl = 'http://files.test/bucket';
const attachableMs = 12 * 60 * 60_000;

export class FakeFiles {
  readonly uploads: FakeUpload[] = [];
  /** Returns the time that a request takes, in milliseconds. */
  latencyMs: () => number = () => 0;
  /** Whether forms are refused as if they had expired. */
  refusesForms = false;
  /** Whether the storage cannot be reached. */
  isCut = false;
  /** Whether a file is checked as soon as it was posted. */
  checks = true;
  /** Returns why a file is refused; undefined when it is not. */
  refusalOf: (upload: FakeUpload) => string | undefined = () => undefined;
  /** How many files are being posted now, and how many at most. */
  active = 0;
  maxActive = 0;
  /** Posts wait for this. */
  gate: Promise<unknown> = Promise.resolve();
  /** The pictures of users; profiles are not answered while it is undefined. */
  pictures: Record<string, string | null> | undefined;
  showsPictures = true;
  private readonly clock: () => { now(): number; after(ms: number, run: () => void): unknown };

  constructor(clock: FakeFiles['clock']) {
    this.clock = clock;
  }

  /** Answers a request; returns undefined for one that is about something else. */
  handle = (request: FakeRequest): Promise<Response> | undefined => {
    const { url, method } = request;
    const answer = this.answerTo(request);
    if (answer === undefined) return undefined;
    const isPost = url.href === formUrl && method === 'POST';
    return (async () => {
      await this.pass(this.latencyMs());
      if (this.isCut) throw new TypeError('fetch failed');
      if (isPost) await this.post(request.init);
      const response = answer();
      await this.pass(this.latencyMs());
      if (this.isCut) throw new TypeError('fetch failed');
      return response;
    })();
  };

  find(id: string): FakeUpload | undefined {
    return this.uploads.find((upload) => upload.id === id);
  }

  /** Checks what was posted. */
  check(): void {
    for (const upload of this.uploads) if (upload.text !== undefined) this.checkOne(upload);
  }

  checkOne(upload: FakeUpload): void {
    upload.refusal ??= this.refusalOf(upload);
    upload.isChecked = true;
  }

  /** Returns why a message cannot have the upload; undefined if it can. */
  problemOf(id: string, { user, roomId, clientId }: { user: string; roomId: string; clientId: unknown }) {
    const upload = this.find(id);
    if (upload === undefined || upload.user !== user || upload.roomId !== roomId) return 'invalid_frame';
    if (upload.attachedTo !== undefined) return upload.attachedTo === clientId ? undefined : 'invalid_frame';
    if (upload.declaredAtMs + attachableMs <= this.clock().now()) return 'invalid_frame';
    if (upload.text === undefined) return 'conflict';
    this.checkOne(upload);
    return upload.refusal === undefined ? undefined : 'invalid_frame';
  }

  attachmentOf({ id, declared }: FakeUpload) {
    const until = Math.floor(this.clock().now() / 1_000) + 3_600;
    const address = `https://chat.test/files/room/${id}`;
    return { attachment_id: id, ...declared, url: `${address}/original?until=${until}&signature=s` };
  }

  private pass(milliseconds: number): Promise<void> {
    return milliseconds === 0
      ? Promise.resolve()
      : new Promise((resolve) => void this.clock().after(milliseconds, resolve));
  }

  private answerTo({ method, url, init, user }: FakeRequest): (() => Response) | undefined {
    const [, roomId] = /^\/chat\/rooms\/([^/]+)\/uploads\/$/.exec(url.pathname) ?? [];
    const [, attachmentId] = /^\/chat\/attachments\/([^/]+)\/$/.exec(url.pathname) ?? [];
    if (url.href === formUrl) return () => this.posted(init);
    if (roomId !== undefined && method === 'POST') return () => this.declare(roomId, user, init);
    if (attachmentId !== undefined) return () => this.show(attachmentId, user);
    const { pictures } = this;
    if (pictures === undefined) return undefined;
    if (url.pathname === '/users/auth/profile/picture/') {
      if (method === 'POST') return () => this.declare('picture', user, init);
      return () => {
        pictures[user] = null;
        return new Response(null, { status: 204 });
      };
    }
    if (url.pathname === '/users/auth/profile/' && method === 'GET')
      return () => Response.json({ ...(user === 'bob' ? bob : ann), profile_picture: pictures[user] });
    return undefined;
  }

  private declare(roomId: string, user: string, init: RequestInit | undefined): Response {
    const id = `upload${this.uploads.length + 1}`;
    const declared = JSON.parse(init?.body as string) as FakeUpload['declared'];
    const state = { text: undefined, refusal: undefined, isChecked: false, attachedTo: undefined };
    this.uploads.push({ id, roomId, user, declared, declaredAtMs: this.clock().now(), ...state });
    const fields = { key: `incoming/${id}`, 'Content-Type': declared.type, Policy: 'p' };
    return Response.json({ upload_id: id, url: formUrl, fields, expires_in: 300 }, { status: 201 });
  }

  private uploadOf(form: FormData): FakeUpload | undefined {
    const key = form.get('key');
    return typeof key === 'string' ? this.find(key.replace('incoming/', '')) : undefined;
  }

  private async post(init: RequestInit | undefined): Promise<void> {
    this.active += 1;
    this.maxActive = Math.max(this.maxActive, this.active);
    await this.gate;
    this.active -= 1;
    if (init?.signal?.aborted === true) throw new DOMException('aborted', 'AbortError');
    const form = init?.body as FormData;
    const upload = this.uploadOf(form);
    const file = [...form.entries()].at(-1);
    if (upload === undefined || file?.[0] !== 'file' || this.refusesForms) return;
    upload.text = await (file[1] as File).text();
    if (upload.roomId === 'picture' && this.showsPictures && this.pictures !== undefined)
      this.pictures[upload.user] = `https://chat.test/files/pictures/${upload.id}/320`;
    if (this.checks) this.checkOne(upload);
  }

  private posted(init: RequestInit | undefined): Response {
    const upload = this.uploadOf(init?.body as FormData);
    const isTaken = upload?.text !== undefined && !this.refusesForms;
    return isTaken ? new Response(null, { status: 204 }) : new Response('<Error/>', { status: 403 });
  }

  private show(id: string, user: string): Response {
    const upload = this.find(id);
    const isOwn = upload?.user === user;
    const isLate = (upload?.declaredAtMs ?? 0) + attachableMs <= this.clock().now();
    if (upload === undefined || (upload.attachedTo === undefined && (!isOwn || isLate)))
      return problem(404, 'not_found');
    if (!upload.isChecked) return problem(409, 'upload_not_checked', { 'retry-after': '1' });
    if (upload.refusal !== undefined) return problem(422, upload.refusal);
    return Response.json(this.attachmentOf(upload));
  }
}
