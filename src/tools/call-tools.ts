import type { ObjectSchema } from '../config/json-schema.js';
import type { TransferSettings } from '../config/tools.js';
import type { ToolAnswer, ToolDefinition } from '../providers/provider.js';
import type { Tool, ToolUse } from './tool.js';

/** What a call does by itself when the agent asks for it. */
export type CallAction =
  | { readonly type: 'hang-up' }
  /** `to` is a name of transfer.destinations; undefined when none was named, and the dialplan knows where to. */
  | { readonly type: 'transfer'; readonly to: string | undefined }
  | { readonly type: 'send-digits'; readonly digits: string };

/** Has an action carried out by the call that `use` names. */
export type CarryOut = (action: CallAction, use: ToolUse) => ToolAnswer | Promise<ToolAnswer>;

const object = (properties: ObjectSchema['properties'], required: readonly string[] = []): ObjectSchema => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
});

/** The tools that every call has: only what they are called and take stands here. */
export function callTools({ destinations }: TransferSettings, carryOut: CarryOut): Tool[] {
  const names = Object.keys(destinations);
  return [
    callTool({
      definition: {
        name: 'hang_up',
        description: 'Ends the call as soon as the caller has heard what you say with it, so say goodbye.',
        parameters: { ...object({}) },
      },
      action: () => ({ type: 'hang-up' }),
    }),
    callTool({
      definition: {
        name: 'transfer',
        description: 'Puts the caller through to somebody else as soon as the caller has heard what you say with it. You leave the call.',
        parameters: {
          ...object({
            ...(names.length > 0 ? { to: { type: 'string', enum: names, description: menuOf(destinations) } } : {}),
            reason: { type: 'string', maxLength: 500, description: 'Why, in a few words' },
          }),
        },
      },
      action: ({ to }) => ({ type: 'transfer', to: to as string | undefined }),
    }),
    callTool({
      definition: {
        name: 'send_digits',
        description: 'Presses keys of the telephone (DTMF), for a machine at the other end that asks for them.',
        parameters: {
          ...object({ digits: { type: 'string', minLength: 1, maxLength: 32, pattern: '^[0-9*#A-D]+$', description: 'The keys in their order' } }, [
            'digits',
          ]),
        },
      },
      action: ({ digits }) => ({ type: 'send-digits', digits: digits as string }),
    }),
  ];

  function callTool({ definition, action }: { definition: ToolDefinition; action: (args: Readonly<Record<string, unknown>>) => CallAction }): Tool {
    return {
      definition,
      async run(args, use) {
        return { ...(await carryOut(action(args), use)), outcome: 'carried-out' };
      },
    };
  }
}

function menuOf(destinations: TransferSettings['destinations']): string {
  const lines = Object.entries(destinations).map(([name, { description }]) => `${name}: ${description}`);
  return `Who to put the caller through to.\n${lines.join('\n')}`;
}
