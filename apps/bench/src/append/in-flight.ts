/** Clients of an organisation's host at a busy moment; the figure of published comparisons (reference: pgbench -c 32). */
export const IN_FLIGHT = 32;
