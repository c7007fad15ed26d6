/**
 * What infra/bundle.ts puts into the bundle of this function: files as text or as bytes, as `with { type }` at the import
 * says, and the OpenAPI document in its JSON form.
 */
declare const OPENAPI_JSON: string;
declare module '*.html' {
  const text: string;
  export default text;
}
declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.yaml' {
  const text: string;
  export default text;
}
declare module '*.png' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*/LICENSE' {
  const text: string;
  export default text;
}
declare module '*/NOTICE' {
  const text: string;
  export default text;
}
declare module '*.LICENSE.txt' {
  const text: string;
  export default text;
}
declare module 'swagger-ui-dist/swagger-ui-bundle.js' {
  const text: string;
  export default text;
}
declare module '*/static/start.js' {
  const text: string;
  export default text;
}
