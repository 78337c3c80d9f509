import { fileURLToPath } from 'node:url';

/** The top folder of the repository, ending in a slash. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
