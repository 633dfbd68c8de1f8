import { Refusal } from './service.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Says no as OpenAI does. */
export function refuse(param: string, message: string, code: string | null = null): never {
  throw new Refusal(400, { error: { message, type: 'invalid_request_error', param, code } });
}

export function objectIn(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  return refuse(where, `${where} is no object`);
}

export function listIn(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return refuse(where, `${where} is no list`);
}

export function textIn(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  return refuse(where, `${where} is no text, or an empty one`);
}

/** These fields and no others. */
export function only(fields: Fields, known: readonly string[], where: string): void {
  for (const name of Object.keys(fields))
    if (!known.includes(name)) refuse(`${where}${name}`, `unknown parameter ${where}${name}`, 'unknown_parameter');
}

export function integerIn(value: unknown, min: number, where: string): void {
  if (!Number.isInteger(value) || (value as number) < min) refuse(where, `${where} is no integer of at least ${min}`);
}

export function checkTemperature(value: unknown): void {
  if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 2)) refuse('temperature', 'temperature is no number from 0 to 2');
}

/** What both APIs ask of a function that they may call. */
export function checkFunction(tool: Fields, where: string): void {
  if (!/^[\w-]{1,64}$/.test(textIn(tool.name, `${where}.name`))) refuse(`${where}.name`, 'a name has letters, digits, _ and -');
  textIn(tool.description, `${where}.description`);
  const schema = objectIn(tool.parameters, `${where}.parameters`);
  if (schema.type !== 'object') refuse(`${where}.parameters`, 'the schema of the parameters is of type object');
}

export function checkToolChoice(value: unknown, hasTools: boolean): void {
  if (value === undefined) return;
  if (!hasTools) refuse('tool_choice', 'tool_choice is only allowed with tools');
  if (value !== 'none' && value !== 'auto' && value !== 'required') refuse('tool_choice', 'tool_choice is none, auto or required');
}

export function checkArguments(value: unknown, where: string): void {
  const text = textIn(value, where);
  try {
    objectIn(JSON.parse(text), where);
  } catch {
    refuse(where, `${where} is no JSON object`);
  }
}
