/** The handlers of the operations under `/users/`: each calls the domain and shapes the response. */
import { changePassword } from '../../shared/domain/accounts/change-password.ts';
import { deleteAccount } from '../../shared/domain/accounts/delete-account.ts';
import { exportAccount } from '../../shared/domain/accounts/export-account.ts';
import { loginUser } from '../../shared/domain/accounts/login-user.ts';
import { findUsers, getProfile, updateProfile } from '../../shared/domain/accounts/profiles.ts';
import { registerUser } from '../../shared/domain/accounts/register-user.ts';
import {
  endOwnSession,
  listSessions,
  logoutUser,
  signOutEverywhere,
} from '../../shared/domain/accounts/own-sessions.ts';
import { refreshTokens } from '../../shared/domain/accounts/sessions.ts';
import { viewUploadForm } from '../../shared/domain/files/view-upload-form.ts';
import { declarePicture, removePicture } from '../../shared/domain/files/profile-pictures.ts';
import { pageAnswer } from '../../shared/lambda/http-answer.ts';
import type { HttpHandlers } from '../../shared/lambda/http-function.ts';
import type { Dependencies } from './dependencies.ts';

/** Creates the handlers on the given ports. */
export function handlers(ports: Dependencies): HttpHandlers<'accounts'> {
  const { settings } = ports;
  return {
    registerUser: async ({ body: { username, email, password }, address }) => ({
      status: 201,
      body: await registerUser(ports, { username, email: email ?? '', password, address }, settings),
    }),
    loginUser: async ({ body, address, userAgent }) => ({
      status: 200,
      body: await loginUser(ports, { ...body, address, userAgent }, settings),
    }),
    refreshTokens: async ({ body }) => ({
      status: 200,
      body: await refreshTokens(ports, body.refresh, settings),
    }),
    logoutUser: async ({ body }) => {
      await logoutUser(ports, body.refresh, settings);
      return { status: 204 };
    },
    listSessions: async ({ caller }) => ({ status: 200, body: await listSessions(ports, caller) }),
    endSessions: async ({ caller }) => {
      await signOutEverywhere(ports, caller, settings);
      return { status: 204 };
    },
    endSession: async ({ caller, params }) => {
      await endOwnSession(ports, caller, params.session_id, settings);
      return { status: 204 };
    },
    changePassword: async ({ caller, body }) => {
      const change = { oldPassword: body.old_password, newPassword: body.new_password };
      await changePassword(ports, caller, change, settings);
      return { status: 204 };
    },
    deleteAccount: async ({ caller, body }) => {
      await deleteAccount(ports, caller, body.password, settings);
      return { status: 204 };
    },
    exportAccount: async ({ caller, query }) => pageAnswer(await exportAccount(ports, caller, query.cursor)),
    getProfile: async ({ caller }) => ({ status: 200, body: await getProfile(ports, caller) }),
    updateProfile: async ({ caller, body }) => ({
      status: 200,
      body: await updateProfile(ports, caller, { firstName: body.first_name, lastName: body.last_name }),
    }),
    createProfilePicture: async ({ caller, body: { type, size } }) => {
      const upload = await declarePicture(ports, caller, { type, size, quota: settings.uploadQuota });
      return { status: 201, body: await viewUploadForm(ports.uploadForms, upload) };
    },
    removeProfilePicture: async ({ caller }) => {
      await removePicture(ports, caller);
      return { status: 204 };
    },
    findUsers: async ({ query }) => ({ status: 200, body: await findUsers(ports, query.username) }),
  };
}
