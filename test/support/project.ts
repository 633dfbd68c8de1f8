import { fileURLToPath } from 'node:url';

/** The project's folder, seen from the compiled tests in build/test/support. */
export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));
