/** A prefix of the token's hash tells one token from another in the ledger, and is no use to whoever reads it there. */
const NAMED_BY = 12;

/** Who acts, without personal data: the token that was presented, by its hash. */
export const operatorActor = ({ operatorTokenHash }: { readonly operatorTokenHash: string }): string => `operator:${operatorTokenHash.slice(0, NAMED_BY)}`;
