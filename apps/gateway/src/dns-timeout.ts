/** DNS servers are asked meanwhile, one after the other, and each may be slow or away; past it the client is told to come back (503). */
export const DNS_TIMEOUT_MS = 60_000;
