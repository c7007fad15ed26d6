// The method, path, authentication and paging of each HTTP operation. Written by `npm run documents`.

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Whether the request carries the access token; required when absent, as most are. */
  auth?: 'none' | 'optional' | 'required';
  /** The answer is one page of a list. */
  paged?: true;
}

export const routes = {
  registerUser: { method: 'POST', path: '/users/auth/register/', auth: 'none' },
  loginUser: { method: 'POST', path: '/users/auth/login/', auth: 'none' },
  refreshTokens: { method: 'POST', path: '/users/token/refresh/', auth: 'none' },
  logoutUser: { method: 'POST', path: '/users/auth/logout/', auth: 'none' },
  listSessions: { method: 'GET', path: '/users/auth/sessions/' },
  endSessions: { method: 'DELETE', path: '/users/auth/sessions/' },
  endSession: { method: 'DELETE', path: '/users/auth/sessions/{session_id}/' },
  changePassword: { method: 'POST', path: '/users/auth/password/' },
  getProfile: { method: 'GET', path: '/users/auth/profile/' },
  updateProfile: { method: 'PATCH', path: '/users/auth/profile/' },
  createProfilePicture: { method: 'POST', path: '/users/auth/profile/picture/' },
  removeProfilePicture: { method: 'DELETE', path: '/users/auth/profile/picture/' },
  deleteAccount: { method: 'DELETE', path: '/users/auth/profile/' },
  exportAccount: { method: 'GET', path: '/users/auth/export/', paged: true },
  findUsers: { method: 'GET', path: '/users/' },
  listRooms: { method: 'GET', path: '/chat/rooms/', auth: 'optional', paged: true },
  listMyRooms: { method: 'GET', path: '/chat/rooms/mine/', paged: true },
  createRoom: { method: 'POST', path: '/chat/rooms/create/' },
  getRoom: { method: 'GET', path: '/chat/rooms/{room_id}/' },
  updateRoom: { method: 'PATCH', path: '/chat/rooms/{room_id}/' },
  deleteRoom: { method: 'DELETE', path: '/chat/rooms/{room_id}/' },
  addMember: { method: 'POST', path: '/chat/rooms/{room_id}/members/add/' },
  removeMember: { method: 'DELETE', path: '/chat/rooms/{room_id}/members/remove/{user_id}/' },
  listMembers: { method: 'GET', path: '/chat/rooms/{room_id}/members/', paged: true },
  leaveRoom: { method: 'POST', path: '/chat/rooms/{room_id}/leave/' },
  openDirectRoom: { method: 'POST', path: '/chat/dm/{target_user_id}/' },
  listMessages: { method: 'GET', path: '/chat/rooms/{room_id}/messages/', paged: true },
  sendMessage: { method: 'POST', path: '/chat/rooms/{room_id}/messages/' },
  editMessage: { method: 'PATCH', path: '/chat/messages/{message_id}/edit/' },
  deleteMessage: { method: 'DELETE', path: '/chat/messages/{message_id}/delete/' },
  markRead: { method: 'POST', path: '/chat/rooms/{room_id}/read/' },
  markUnread: { method: 'POST', path: '/chat/rooms/{room_id}/unread/' },
  listUnread: { method: 'GET', path: '/chat/unread/', paged: true },
  listReaders: { method: 'GET', path: '/chat/rooms/{room_id}/read/' },
  createTicket: { method: 'POST', path: '/chat/ws-ticket/' },
  createUpload: { method: 'POST', path: '/chat/rooms/{room_id}/uploads/' },
  getAttachment: { method: 'GET', path: '/chat/attachments/{attachment_id}/' },
  getPromisesHealth: { method: 'GET', path: '/health/promises/', auth: 'none' },
  getHealth: { method: 'GET', path: '/health/', auth: 'none' },
  searchRoom: { method: 'GET', path: '/chat/rooms/{room_id}/search/' },
  searchMyRooms: { method: 'GET', path: '/chat/search/' },
} as const satisfies Record<string, Route>;

export type OperationName = keyof typeof routes;
