/** The strongly connected component of each node, by number. After: Tarjan 1972, without recursion. */
export function components(nodes: Iterable<string>, next: (node: string) => readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const open: string[] = [];
  let found = 0;
  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: { node: string; left: string[] }[] = [];
    const enter = (node: string): void => {
      index.set(node, index.size);
      low.set(node, index.get(node) ?? 0);
      open.push(node);
      path.push({ node, left: [...next(node)] });
    };
    const lower = (node: string, to: number | undefined): void => void low.set(node, Math.min(low.get(node) ?? 0, to ?? Infinity));
    enter(root);
    while (path.length > 0) {
      const { node, left } = path.at(-1) as { node: string; left: string[] };
      const child = left.pop();
      if (child !== undefined) {
        if (!index.has(child)) enter(child);
        else if (!component.has(child)) lower(node, index.get(child));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) lower(parent, low.get(node));
      if (low.get(node) !== index.get(node)) continue;
      let member: string | undefined;
      do {
        member = open.pop() as string;
        component.set(member, found);
      } while (member !== node);
      found += 1;
    }
  }
  return component;
}
