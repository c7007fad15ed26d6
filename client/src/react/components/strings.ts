/** Every text of the components, in English. Pass other texts as their `strings`. */
export interface ComponentStrings {
  messageList: string;
  loadOlder: string;
  loadingOlder: string;
  newMessages: string;
  /** On the button that leads to the first unread message. */
  jumpToUnread: (count: number) => string;
  /** On the button that leads to the newest message. */
  jumpToNewest: (unread: number) => string;
  /** Read aloud when another user's message arrives. */
  announcement: (username: string, content: string) => string;
  messageField: string;
  messagePlaceholder: string;
  send: string;
  /** How many characters the message may still have. */
  remaining: (characters: number) => string;
  roomList: string;
  /** The number of unread messages of a room in the list. */
  unread: (count: number) => string;
  sending: string;
  /** Below a message that was not sent. */
  failed: (detail: string) => string;
  retry: string;
  discard: string;
  edited: string;
  /** On the button that opens the choice of files. */
  addFiles: string;
  /** The name of the list of files of the message that is being written. */
  uploadList: string;
  /** The name of the progress of an upload. */
  uploading: (name: string) => string;
  /** The name of the field for what an image shows; without a name, the text inside of the empty field. */
  describeFile: (name: string) => string;
  /** The name of the button that uploads a file again. Begins with its text, so that it can be said to a voice control. */
  retryFile: (name: string) => string;
  cancel: string;
  /** The name of the button that stops an upload. */
  cancelFile: (name: string) => string;
  remove: string;
  /** The name of the button that removes a file from the message. */
  removeFile: (name: string) => string;
  /** The name of the list of files of a message. */
  attachments: string;
  /** The link to a file that is not shown, with its size in words. */
  download: (name: string, size: string) => string;
  attachmentGone: string;
}

/** The texts that the components show unless they get other ones. */
export const englishStrings: ComponentStrings = {
  messageList: 'Messages',
  loadOlder: 'Load older messages',
  loadingOlder: 'Loading older messages',
  newMessages: 'New messages',
  jumpToUnread: (count) => `${count} unread: jump to the first`,
  jumpToNewest: (unread) => (unread > 0 ? `${unread} new: jump to the newest` : 'Jump to the newest'),
  announcement: (username, content) => `${username}: ${content}`,
  messageField: 'Message',
  messagePlaceholder: 'Write a message',
  send: 'Send',
  remaining: (characters) =>
    characters < 0 ? `${-characters} characters too many` : `${characters} characters left`,
  roomList: 'Rooms',
  unread: (count) => `${count} unread`,
  sending: 'Sending',
  failed: (detail) => `Not sent: ${detail}`,
  retry: 'Try again',
  discard: 'Discard',
  edited: 'edited',
  addFiles: 'Add files',
  uploadList: 'Files to send',
  uploading: (name) => `Uploading ${name}`,
  describeFile: (name) => (name === '' ? 'Describe the image' : `Describe ${name}`),
  retryFile: (name) => `Try again: ${name}`,
  cancel: 'Cancel',
  cancelFile: (name) => `Cancel the upload of ${name}`,
  remove: 'Remove',
  removeFile: (name) => `Remove ${name}`,
  attachments: 'Files',
  download: (name, size) => `Download ${name} (${size})`,
  attachmentGone: 'no longer available',
};
