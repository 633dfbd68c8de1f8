/**
 * A registration as a dialplan's CURL() posts it: `provider=local&profile=wideband&number=…&name=…`. Every other field
 * is a variable for the agent. @returns the shape of the JSON body, to be validated like one
 */
export function registrationFromForm(body: string): object {
  const fields = new URLSearchParams(body);
  const take = (name: string): string | undefined => {
    const value = fields.get(name) || undefined;
    fields.delete(name);
    return value;
  };
  const provider = take('provider');
  const profile = take('profile');
  const context = take('context');
  const number = take('number');
  const name = take('name');
  return { provider, profile, context, caller: { number, name }, variables: Object.fromEntries(fields) };
}
