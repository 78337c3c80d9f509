export default async function tearDown() {
  await globalThis.musterTestServers?.stop();
}
