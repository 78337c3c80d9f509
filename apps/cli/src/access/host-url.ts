import { CliFailure } from '../failure/cli-failure.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The address without a path or a slash at its end. @throws CliFailure `usage` when it is not an http or https address */
export const parseHostUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new CliFailure('usage', `${text} is not the address of a host.`, { remedy: 'Give an http or https address, such as http://127.0.0.1:6878' });
  }
  if (url.username !== '' || url.password !== '') throw new CliFailure('usage', 'The address of a host holds no user or password.', { remedy: 'Set MUSTER_OPERATOR_TOKEN_FILE instead.' });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
};

/** Whether a token sent there stays on this machine or is encrypted on its way. */
export const mayCarryToken = (hostUrl: string): boolean => {
  const { protocol, hostname } = new URL(hostUrl);
  return protocol === 'https:' || LOOPBACK.test(hostname);
};
