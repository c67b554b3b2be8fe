/** Name of Teraslice's user in an OpenSearch cluster of the stack's own. */
export const terasliceUser = "teraslice";
