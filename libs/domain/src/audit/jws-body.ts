/** What a compact JWS says, its signature not looked at; undefined where it says nothing that can be read. */
export const bodyOfJws = (jws: string): object | undefined => {
  try {
    const said: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof said === 'object' && said !== null && Object.keys(said).length > 0 ? said : undefined;
  } catch {
    return undefined;
  }
};
