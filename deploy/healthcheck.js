// Docker's question to a container: 0 when the service says that it is ready, 1 otherwise, within the time that the image allows.
const ANSWER_TIMEOUT_MS = 2_500; // below HEALTHCHECK's 3 s, so that a slow answer is "not ready" rather than a killed probe

const port = process.env.MUSTER_HTTP_PORT ?? '6878';
try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  console.log(`${response.status} ${await response.text()}`.slice(0, 1000));
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : String(error));
  process.exitCode = 1;
}
