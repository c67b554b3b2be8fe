/** What a plan holds in place of a secret (bin/plan/values.ts): a rule must not take it for a reference. */
export const secretPlaceholder = "<secret>";
