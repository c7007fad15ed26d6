/** Makes a sentence for people of the fault of a field of a request. */
import type { FieldError } from '../contract/errors.ts';

/** What people call the fields that they fill in. Other fields are for programs, and are named as they are. */
const names: Readonly<Record<string, string>> = {
  '': 'The request',
  username: 'The username',
  password: 'The password',
  old_password: 'The old password',
  new_password: 'The new password',
  email: 'The e-mail address',
  first_name: 'The first name',
  last_name: 'The last name',
  room: 'The room name',
  room_name: 'The room name',
  description: 'The description',
  content: 'The message',
  message: 'The message',
};

/**
 * @param error the path of the field, and the end of the sentence, such as "must have at least 8 characters"
 * @example
 * fieldSentence({ path: 'room_name', message: 'is required' }) // 'The room name is required.'
 */
export function fieldSentence({ path, message: fault }: FieldError): string {
  return `${names[path] ?? `\`${path}\``} ${fault}.`;
}
