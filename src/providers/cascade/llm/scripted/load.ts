import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { messageOf, TalkpathError } from '../../../../base/errors.js';
import { brokenReferences } from './references.js';
import { type Script, scriptSchema } from './schema.js';
import { YamlIssues } from './yaml-issues.js';

/** The receptionist that ships, at the root of the package. */
const shippedPath = fileURLToPath(new URL('../../../../../dialogues/receptionist.yaml', import.meta.url));
const mostIssues = 20;

/** Reads and checks a dialogue script; the one that ships without a path. Throws TP_ERR_SCRIPT_INVALID with every fault and its line. */
export function loadScript(path?: string): Script {
  const file = path ?? shippedPath;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid([`Expected a dialogue script that can be read at ${file} but received: ${messageOf(error)}`]);
  }
  return parseScript(text, file);
}

/** Checks the text of a script; `file` is for messages. Throws TP_ERR_SCRIPT_INVALID. */
export function parseScript(text: string, file: string): Script {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: Expected YAML but received: ${error.message}`));
  }
  const issues = new YamlIssues(file, document, lines);
  const parsed = scriptSchema.safeParse(plainValue(document, file), { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => issues.describe(issue, scriptSchema)));
  const broken = brokenReferences(parsed.data);
  if (broken.length > 0) throw invalid(broken.map(({ path, message }) => issues.at(path, message)));
  return parsed.data;
}

/** Aliases that multiply without end make the conversion fail. */
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalid([`${file}:1: Expected YAML but received: ${messageOf(error)}`]);
  }
}

function invalid(messages: readonly string[]): TalkpathError {
  const more = messages.length - mostIssues;
  return new TalkpathError('TP_ERR_SCRIPT_INVALID', [...messages.slice(0, mostIssues), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}
