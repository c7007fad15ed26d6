/** Constants of the wire format that are no limits. This file imports nothing, so that the client can share them. */

/** The subprotocol that the server selects. A browser offers it together with `ticket.<ticket>`. */
export const subprotocol = 'chat.v1';
export const ticketSubprotocolPrefix = 'ticket.';

/** The content that the API shows for a deleted message. */
export const deletedContent = 'This message has been deleted';

/** The code of `error` and `close` events after which the access token has to be renewed. */
export const unauthorizedFrameCode = 4001;
