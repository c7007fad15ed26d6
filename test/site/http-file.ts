/** Reads and sends the requests of a `.http` file, in the form of REST Client: variables, named requests and references. */
import { request, type Answer } from '../kit/request.ts';

export interface FileRequest {
  /** The text after `###`. */
  title: string;
  name: string | undefined;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface HttpFile {
  variables: Record<string, string>;
  requests: FileRequest[];
}

const requestLine = /^(GET|HEAD|POST|PUT|PATCH|DELETE) (\S+)$/;

/** Reads the text of a file. A part without a request may declare variables. */
export function parseHttpFile(text: string): HttpFile {
  const declarations = [...text.matchAll(/^@(\w+) *= *(.*)$/gm)];
  const variables = Object.fromEntries(declarations.map(([, name, value]) => [name!, value!.trim()]));
  const requests = text.split(/^(?=###)/m).flatMap((part) => parsePart(part));
  return { variables, requests };
}

function parsePart(part: string): FileRequest[] {
  const [, title = ''] = /^### *(.*)$/m.exec(part) ?? [];
  const [, name] = /^# @name (\w+)$/m.exec(part) ?? [];
  const lines = part.split('\n').filter((line) => !/^(#|@)/.test(line));
  while (lines[0]?.trim() === '') lines.shift();
  if (lines.length === 0) return [];
  const [, method, url] = requestLine.exec(lines[0]!) ?? [];
  if (method === undefined || url === undefined) throw new Error(`Not a request: ${lines[0]}`);
  const end = lines.indexOf('');
  const headerLines = lines.slice(1, end === -1 ? undefined : end);
  const headers = headerLines.map((line) => {
    const [, header, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (header === undefined || value === undefined) throw new Error(`Not a header: ${line}`);
    return [header, value] as const;
  });
  const body = end === -1 ? '' : lines.slice(end).join('\n').trim();
  return [
    {
      title,
      name,
      method,
      url,
      headers: Object.fromEntries(headers),
      body: body === '' ? undefined : body,
    },
  ];
}

/** The variables of a file, and the answers to its named requests. */
export class HttpSession {
  private readonly variables: Record<string, string>;
  private readonly answers = new Map<string, Answer>();

  constructor(variables: Record<string, string>) {
    this.variables = variables;
  }

  async send({ name, method, url, headers, body }: FileRequest): Promise<Answer> {
    const filled = Object.entries(headers).map(([header, value]) => [header.toLowerCase(), this.fill(value)]);
    const answer = await request(this.fill(url), method, {
      headers: Object.fromEntries(filled),
      ...(body === undefined ? {} : { raw: this.fill(body) }),
    });
    if (name !== undefined) this.answers.set(name, answer);
    return answer;
  }

  private fill(text: string): string {
    return text.replaceAll(/\{\{(.*?)\}\}/g, (_, expression: string) => this.valueOf(expression.trim()));
  }

  /** @throws Error for a variable or a part of an answer that does not exist */
  private valueOf(expression: string): string {
    const variable = this.variables[expression];
    if (variable !== undefined) return variable;
    const [, name = '', path = ''] = /^(\w+)\.response\.body\.\$(.*)$/.exec(expression) ?? [];
    let value: unknown = this.answers.get(name)?.body;
    for (const [, key = ''] of path.matchAll(/\.?([^.[\]]+)\]?/g))
      value = (value as Record<string, unknown> | undefined)?.[key];
    if (typeof value !== 'string') throw new Error(`{{${expression}}} has no value`);
    return value;
  }
}
