// Docker's question to a container: 0 when the service says that it is ready, 1 otherwise, within the time that the image allows.
import { get } from 'node:https';
import { text } from 'node:stream/consumers';

const ANSWER_TIMEOUT_MS = 2_500; // below HEALTHCHECK's 3 s, so that a slow answer is "not ready" rather than a killed probe

const port = process.env.MUSTER_HTTP_PORT ?? '6878';
const overTls = Boolean(process.env.MUSTER_TLS_CERTIFICATE || process.env.MUSTER_TLS_CERTIFICATE_FILE);
const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);

const ask = async () => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal });
  return { status: response.status, body: await response.text() };
};

// The service's certificate names what clients call it, not loopback; it is asked whether it is ready, and told nothing.
const askOverTls = async () => {
  const response = await new Promise((resolve, reject) => get(`https://127.0.0.1:${port}/readyz`, { signal, rejectUnauthorized: false }, resolve).once('error', reject));
  return { status: response.statusCode, body: await text(response) };
};

try {
  const { status, body } = await (overTls ? askOverTls() : ask());
  console.log(`${status} ${body}`.slice(0, 1000));
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  console.log(error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : String(error));
  process.exitCode = 1;
}
