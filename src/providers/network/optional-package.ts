import { TalkpathError } from '../../base/errors.js';

/** A package that talkpath does not bring. Rejects with TP_ERR_PACKAGE_MISSING, which names it, when it is not installed. */
export async function optionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new TalkpathError('TP_ERR_PACKAGE_MISSING', `The package ${name} is needed, and not installed`, { cause: error });
  }
}
