// The method, path, authentication and paging of each HTTP operation. Written by `npm run documents`.

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Whether the request carries the access token. */
  auth: 'none' | 'optional' | 'required';
  /** The answer is one page of a list. */
  paged?: true;
}

export const routes = {
  registerUser: { method: 'POST', path: '/users/auth/register/', auth: 'none' },
  loginUser: { method: 'POST', path: '/users/auth/login/', auth: 'none' },
  refreshTokens: { method: 'POST', path: '/users/token/refresh/', auth: 'none' },
  logoutUser: { method: 'POST', path: '/users/auth/logout/', auth: 'none' },
  listSessions: { method: 'GET', path: '/users/auth/sessions/', auth: 'required' },
  endSessions: { method: 'DELETE', path: '/users/auth/sessions/', auth: 'required' },
  endSession: { method: 'DELETE', path: '/users/auth/sessions/{session_id}/', auth: 'required' },
  changePassword: { method: 'POST', path: '/users/auth/password/', auth: 'required' },
  getProfile: { method: 'GET', path: '/users/auth/profile/', auth: 'required' },
  updateProfile: { method: 'PATCH', path: '/users/auth/profile/', auth: 'required' },
  createProfilePicture: { method: 'POST', path: '/users/auth/profile/picture/', auth: 'required' },
  removeProfilePicture: { method: 'DELETE', path: '/users/auth/profile/picture/', auth: 'required' },
  deleteAccount: { method: 'DELETE', path: '/users/auth/profile/', auth: 'required' },
  exportAccount: { method: 'GET', path: '/users/auth/export/', auth: 'required', paged: true },
  findUsers: { method: 'GET', path: '/users/', auth: 'required' },
  listRooms: { method: 'GET', path: '/chat/rooms/', auth: 'optional', paged: true },
  listMyRooms: { method: 'GET', path: '/chat/rooms/mine/', auth: 'required', paged: true },
  createRoom: { method: 'POST', path: '/chat/rooms/create/', auth: 'required' },
  getRoom: { method: 'GET', path: '/chat/rooms/{room_id}/', auth: 'required' },
  updateRoom: { method: 'PATCH', path: '/chat/rooms/{room_id}/', auth: 'required' },
  deleteRoom: { method: 'DELETE', path: '/chat/rooms/{room_id}/', auth: 'required' },
  addMember: { method: 'POST', path: '/chat/rooms/{room_id}/members/add/', auth: 'required' },
  removeMember: {
    method: 'DELETE',
    path: '/chat/rooms/{room_id}/members/remove/{user_id}/',
    auth: 'required',
  },
  listMembers: { method: 'GET', path: '/chat/rooms/{room_id}/members/', auth: 'required', paged: true },
  leaveRoom: { method: 'POST', path: '/chat/rooms/{room_id}/leave/', auth: 'required' },
  openDirectRoom: { method: 'POST', path: '/chat/dm/{target_user_id}/', auth: 'required' },
  listMessages: { method: 'GET', path: '/chat/rooms/{room_id}/messages/', auth: 'required', paged: true },
  sendMessage: { method: 'POST', path: '/chat/rooms/{room_id}/messages/', auth: 'required' },
  editMessage: { method: 'PATCH', path: '/chat/messages/{message_id}/edit/', auth: 'required' },
  deleteMessage: { method: 'DELETE', path: '/chat/messages/{message_id}/delete/', auth: 'required' },
  markRead: { method: 'POST', path: '/chat/rooms/{room_id}/read/', auth: 'required' },
  listReaders: { method: 'GET', path: '/chat/rooms/{room_id}/read/', auth: 'required' },
  createTicket: { method: 'POST', path: '/chat/ws-ticket/', auth: 'required' },
  createUpload: { method: 'POST', path: '/chat/rooms/{room_id}/uploads/', auth: 'required' },
  getAttachment: { method: 'GET', path: '/chat/attachments/{attachment_id}/', auth: 'required' },
  getPromisesHealth: { method: 'GET', path: '/health/promises/', auth: 'none' },
  getHealth: { method: 'GET', path: '/health/', auth: 'none' },
  searchRoom: { method: 'GET', path: '/chat/rooms/{room_id}/search/', auth: 'required' },
  searchMyRooms: { method: 'GET', path: '/chat/search/', auth: 'required' },
} as const satisfies Record<string, Route>;

export type OperationName = keyof typeof routes;
