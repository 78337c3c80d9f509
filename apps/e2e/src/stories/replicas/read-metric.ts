/** The sum of a service's metric over its labels. @throws Error when the service does not have it */
export const readMetric = async (port: number, name: string): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const samples = (await response.text()).split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  if (samples.length === 0) throw new Error(`port ${port} has no metric ${name}`);
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};
