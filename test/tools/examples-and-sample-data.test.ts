/** The examples of the documents on a runtime with sample data: they are tried as they are, in their order. */
import { expect, it } from 'vitest';
import { samplePassword, sampleRoom, sampleUsers } from '../../local/sample-data.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import { commandExamples } from '../../tools/documents/examples.ts';

const exampleOf = (name: 'registerUser' | 'loginUser' | 'createRoom' | 'sendMessage'): unknown =>
  operations[name].body.meta()?.['example'];

it('the example of a registration names a user who does not exist yet', () => {
  const { username } = exampleOf('registerUser') as { username: string };
  expect(sampleUsers).not.toContain(username);
});

it('the example of a login is the first user of the sample data', () => {
  expect(exampleOf('loginUser')).toEqual({ username: sampleUsers[0], password: samplePassword });
});

it('the example of a new room names one that does not exist yet', () => {
  const { room_name: name } = exampleOf('createRoom') as { room_name: string };
  expect(name).not.toBe(sampleRoom);
});

it('the examples of a message can be sent twice, and store two messages', () => {
  expect(exampleOf('sendMessage')).not.toHaveProperty('client_id');
  expect(commandExamples.message).not.toHaveProperty('client_id');
});
