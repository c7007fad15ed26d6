/** Defect: the deletion of a message does not name its files, so that they stay. */
import * as original from '../../../shared/domain/messages/delete-message.ts';

export * from '../../../shared/domain/messages/delete-message.ts';

export const deleteMessage: typeof original.deleteMessage = (ports, input) => {
  const { attachments: _, ...message } = input.message;
  return original.deleteMessage(ports, { ...input, message });
};
