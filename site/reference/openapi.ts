/** Writes the reference of the HTTP API, one page for each tag of openapi.yaml. */
import { listIn, objectIn, readYaml, textIn, type Json, type JsonObject } from './json-document.ts';
import { exampleOf, fieldTable, typeOf } from './schema-table.ts';

const document = readYaml('openapi.yaml');

export interface Tag {
  name: string;
  description: string;
  /** The page's name in the address. */
  page: string;
}

export function httpTags(): Tag[] {
  return listIn(document.root, 'tags').map((tag) => {
    const name = textIn(tag, 'name');
    return { name, description: textIn(tag, 'description'), page: name.toLowerCase() };
  });
}

interface Operation extends JsonObject {
  operationId: string;
  summary: string;
}

/** The operations of a tag with the lines that name them. PUT and PATCH of the same path are one. */
function operationsOf(tag: string): { lines: string[]; operation: Operation }[] {
  const found: { path: string; lines: string[]; operation: Operation }[] = [];
  for (const [path, methods] of Object.entries(objectIn(document.root, 'paths'))) {
    for (const [method, member] of Object.entries(objectIn(methods))) {
      const operation = objectIn(member) as Operation;
      if (!listIn(operation, 'tags').includes(tag)) continue;
      const line = `${method.toUpperCase()} ${path}`;
      const same = found.find((one) => one.path === path && one.operation.summary === operation.summary);
      if (same === undefined) found.push({ path, lines: [line], operation });
      else same.lines.push(line);
    }
  }
  return found;
}

const bodyOf = (holder: Json | undefined): Json | undefined =>
  Object.values(objectIn(holder, 'content')).map((media) => objectIn(media)['schema'])[0];

function parameters(operation: JsonObject): string {
  const rows = listIn(operation, 'parameters').map((one) => {
    const parameter = document.resolve(one);
    const required = parameter['required'] === true ? '' : ', optional';
    const type = typeOf(document, parameter['schema']);
    const description =
      textIn(parameter, 'description') || textIn(objectIn(parameter, 'schema'), 'description');
    return `| \`${textIn(parameter, 'name')}\` | ${textIn(parameter, 'in')} | ${type}${required} | ${description.replaceAll('|', '\\|')} |`;
  });
  if (rows.length === 0) return '';
  return ['| parameter | in | type | description |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function answers(operation: JsonObject): string {
  const sections = Object.entries(objectIn(operation, 'responses')).map(([status, value]) => {
    const response = document.resolve(value);
    const title = `**${status}** ${textIn(response, 'description')}`;
    if (Number(status) >= 400) return { status, text: `- ${title}` };
    const body = bodyOf(response);
    const list = typeOf(document, body).startsWith('array') ? 'An array of:' : '';
    return {
      status,
      text: [title, list, fieldTable(document, body), exampleOf(document, body)].join('\n\n'),
    };
  });
  const good = sections.filter(({ status }) => Number(status) < 400).map(({ text }) => text);
  const bad = sections.filter(({ status }) => Number(status) >= 400).map(({ text }) => text);
  return [...good, bad.length === 0 ? '' : `Errors:\n\n${bad.join('\n')}`].join('\n\n');
}

function tokenUse(operation: JsonObject): string {
  const security = listIn(operation, 'security');
  if (security.length === 0) return 'Needs no access token.';
  const isOptional = security.some((one) => Object.keys(objectIn(one)).length === 0);
  return isOptional ? 'The access token is optional.' : 'Needs an access token.';
}

function section({ lines, operation }: { lines: string[]; operation: Operation }): string {
  const body = bodyOf(document.resolve(operation['requestBody']));
  return [
    `## ${operation.summary}`,
    `\`\`\`text\n${lines.join('\n')}\n\`\`\``,
    textIn(operation, 'description'),
    `In the client: \`client.http.${operation.operationId}\`. ${tokenUse(operation)}`,
    parameters(operation),
    body === undefined ? '' : `**Body**\n\n${fieldTable(document, body)}\n\n${exampleOf(document, body)}`,
    answers(operation),
  ].join('\n\n');
}

/** Returns the page of a tag as Markdown. */
export function httpPage({ name, description }: Tag): string {
  return [`# ${name}`, description, ...operationsOf(name).map(section)]
    .join('\n\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}
