/** Processor time that `work` takes of this process, in milliseconds: other programs may keep it waiting as they like. */
export async function processorMs(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
