/** The probe of files: from the form, which a browser posts to S3, to the address at which another user loads the file. */
import { callApi } from '../../../functions/canary/chat-api.ts';
import type { Probe } from './probe.ts';

interface UploadForm {
  upload_id: string;
  url: string;
  fields: Record<string, string>;
}

interface MessageWithFile {
  attachments?: { url: string }[];
}

const text = 'a file of the first hour';

/** Posts the form as browsers do, and returns the status. */
async function post({ url, fields }: UploadForm, signal: AbortSignal): Promise<number> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', new Blob([text]), 'first-hour.txt');
  const response = await fetch(url, { method: 'POST', body: data, signal });
  await response.arrayBuffer();
  return response.status;
}

export const fileToAddress: Probe = {
  name: 'a file from its form to its address',
  assumption:
    'S3 takes the form, the function checks the file, and the edge knows the key that signed its address, since CloudFormation resolves a secret in the code of a CloudFront function',
  async run({ addresses, owner, room, timeoutMs }) {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = { method: 'POST', token: owner.access, expected: [201] } as const;
    const form = await callApi<UploadForm>(addresses, {
      ...request,
      path: `/chat/rooms/${room.id}/uploads/`,
      body: { name: 'first-hour.txt', type: 'text/plain', size: Buffer.byteLength(text) },
    });
    const posted = await post(form, signal);
    if (posted !== 204) return { isAsAssumed: false, found: `S3 answered the form with ${posted}` };
    const { attachments: [file] = [] } = await callApi<MessageWithFile>(addresses, {
      ...request,
      path: `/chat/rooms/${room.id}/messages/`,
      body: { content: '', attachments: [form.upload_id] },
    });
    if (file === undefined) return { isAsAssumed: false, found: 'the message has no file' };
    const response = await fetch(file.url, { signal });
    const isSame = (await response.text()) === text;
    const forged = await fetch(`${file.url.slice(0, -4)}AAAA`, { signal });
    await forged.arrayBuffer();
    return {
      isAsAssumed: response.status === 200 && isSame && forged.status === 403,
      found: `its address was answered with ${response.status}, ${isSame ? 'and its bytes' : 'and other bytes'}, and a forged one with ${forged.status}`,
    };
  },
};
