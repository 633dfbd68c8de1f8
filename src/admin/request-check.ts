import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { TalkpathError } from '../base/errors.js';
import { validate, type Wording } from '../config/validate.js';

/** Fields that name something here; the others tell of the caller. */
const shown = new Set<PropertyKey | undefined>(['uuid', 'limit', 'provider', 'profile', 'context']);

const wording: Wording = {
  whole: 'the body',
  part: 'field',
  hidden: (path) => (path.length === 1 && shown.has(path[0]) ? undefined : ''),
};

/** Checks a part of a request as settings are checked. Fails with TP_ERR_ADMIN_REQUEST and every finding. */
export const requestCheck: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const result = validate(schema, data, wording);
    if ('value' in result) return result;
    return { error: new TalkpathError('TP_ERR_ADMIN_REQUEST', result.findings.map(({ message }) => message).join('; ')) };
  };
