import { z } from "zod";
import { namespaceSettings } from "../../components/foundation/namespace";
import { flag, settings, text } from "../../components/foundation/values";
import { userName, userSettings } from "../../components/opensearch/clusterSchema";

/** Where a stack finds what it shares with others. */
export const baseSection = settings({
    stack: text(
        /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/,
        300,
        "a stack's full name, <organization>/<project>/<stack>, such as organization/data-platform/base",
    ).describe(
        "Full name of the base stack, <organization>/<project>/<stack>; the organization is the word organization wherever states are kept in files or buckets.",
    ),
    uploader: flag()
        .default(false)
        .describe(
            "Whether jobs of this stack download packages from the base's uploader: opens the way to it for every pod of the systems' namespaces, and the base keeps it. Default false.",
        ),
});

/** What a stack lets other stacks use of its own. */
export const sharingSection = settings({
    namespace: namespaceSettings.describe(
        "The namespace in which each consumer leaves an entry, and finds its login. Default name <environment>-consumers.",
    ),
    opensearchUsers: z
        .record(userName(), userSettings)
        .default({})
        .describe("Logins to OpenSearch of kind cluster, by the names of the consumers' environments. Default none."),
});
