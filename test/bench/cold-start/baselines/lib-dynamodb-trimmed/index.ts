/** The same, bundled with what the functions leave out of the SDK. */
export { client, commands } from '../lib-dynamodb/index.ts';
