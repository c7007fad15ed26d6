/** Writes the client's HTTP methods: one signature for each operation, with a type for its arguments. */
import type * as z from 'zod';
import { documentOperations } from '../../../shared/contract/http/documents.ts';
import type { Method, Operation } from '../../../shared/contract/http/operation.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import { convert, type JsonSchema } from '../json-schema.ts';
import { codesOf } from '../problems.ts';
import { typeName, type DeclaredFile, type Declarations } from './declarations.ts';

/** The operations that the client has methods for, by name: all but the documentation, which is read in a browser. */
export const operationRows: readonly [string, Operation][] = Object.entries(operations).filter(
  ([name]) => !(name in documentOperations),
);

/** Returns the method that the client uses of those that an operation accepts: the first one is the predecessor's. */
export function clientMethod({ methods }: Operation): Method {
  return methods.at(-1) ?? methods[0];
}

/** Errors that any operation can end with. The comments of the methods leave them out. */
const commonCodes = new Set<string>([
  'unauthorized',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'internal_error',
  'try_again',
]);

type Fields = Required<Pick<JsonSchema, 'properties' | 'required' | '$defs'>>;

/** Returns the fields of a path or query, as parsed: a number is text on the wire only. */
function parametersOf(schema: z.ZodObject | undefined): Fields {
  const fields: Fields = { properties: {}, required: [], $defs: {} };
  const shape: Record<string, z.ZodType> = schema?.shape ?? {};
  for (const [name, field] of Object.entries(shape)) {
    const { $defs = {}, default: value, ...property } = convert(field, 'output');
    fields.properties[name] =
      value === undefined ? property : { ...property, description: `By default ${value}.` };
    if (!field.safeParse(undefined).success) fields.required.push(name);
    Object.assign(fields.$defs, $defs);
  }
  return fields;
}

/** Returns the fields of a body, without those that the server ignores. */
function bodyFields(schema: z.ZodType | undefined): Fields {
  if (schema === undefined) return { properties: {}, required: [], $defs: {} };
  const { $defs = {}, ...top } = convert(schema, 'input');
  const id = top.$ref?.slice('#/$defs/'.length);
  const { [id ?? '']: body = top, ...others } = $defs;
  const kept = Object.entries(body.properties ?? {}).filter(([, { readOnly }]) => readOnly !== true);
  return { properties: Object.fromEntries(kept), required: body.required ?? [], $defs: others };
}

/** Returns the fields of path, query and body as one object, since the client takes them in one argument. */
function argumentsOf({ params, query, body }: Operation): Fields {
  const parts = [parametersOf(params), parametersOf(query), bodyFields(body)];
  return {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as Fields['properties'],
    required: parts.flatMap(({ required }) => required),
    $defs: Object.assign({}, ...parts.map(({ $defs }) => $defs)) as Fields['$defs'],
  };
}

async function answerOf(row: Operation, file: DeclaredFile, declarations: Declarations): Promise<string> {
  const types = new Set<string>();
  for (const response of Object.values(row.responses)) {
    if (response === null) types.add('void');
    else if (typeof response === 'string') types.add('string');
    else types.add(await declarations.typeOf(file, response));
  }
  const type = [...types].join(' | ');
  return row.paged === true ? `PagedList<${type.replace(/\[\]$/, '')}>` : `Promise<${type}>`;
}

/** Returns a comment of several paragraphs, without the end of a comment in it. */
function comment(...paragraphs: string[]): string {
  const lines = paragraphs.join('\n\n').replaceAll('*/', '*\u200b/').split('\n');
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

const listOfCodes = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(', ');

function commentOf(row: Operation): string {
  const { summary, description } = row;
  const method = clientMethod(row);
  const codes = codesOf(row, method).filter((code) => !commonCodes.has(code));
  return comment(
    `${summary}: \`${method} ${row.path}\`.`,
    ...(description === undefined ? [] : [description]),
    ...(codes.length === 0 ? [] : [`@throws {ChatProblem} ${listOfCodes(codes)}`]),
  );
}

/** Adds the types of all arguments, and the interface with one method for each operation. */
export async function addMethods(file: DeclaredFile, declarations: Declarations): Promise<void> {
  const methods: string[] = [];
  for (const [name, row] of operationRows) {
    const fields = argumentsOf(row);
    const argumentsType = `${typeName(`_${name}`)}Arguments`;
    const hasFields = Object.keys(fields.properties).length > 0;
    if (hasFields) {
      const description = `The arguments of \`${name}\`.`;
      await declarations.addAs(file, argumentsType, { type: 'object', description, ...fields });
    }
    const optional = fields.required.length === 0 ? '?' : '';
    const parameter = hasFields ? `args${optional}: ${argumentsType}` : '';
    methods.push(`${commentOf(row)}\n${name}(${parameter}): ${await answerOf(row, file, declarations)};`);
  }
  const heading = comment(
    'The HTTP operations of the API, one method each. A method takes the fields of path, query and body in one object. It returns a promise or a `PagedList`, and rejects with a `ChatProblem`.',
    `Apart from the errors that a method lists, each can fail with ${listOfCodes([...commonCodes])}, and with \`unreachable\` and \`signed_out\` of the client itself.`,
    "@example\nconst room = await client.http.createRoom({ room_name: 'plans', is_private: true });",
  );
  file.texts.push(`${heading}\nexport interface HttpOperations {\n${methods.join('\n\n')}\n}`);
}
